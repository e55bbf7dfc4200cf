// PVMModule
