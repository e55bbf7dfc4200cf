// MemoryModel
