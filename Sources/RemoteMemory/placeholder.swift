// RemoteMemory
