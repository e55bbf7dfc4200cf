import Testing

/// Every test of the module lies in an extension of this suite, one after the other: they count
/// descriptors and children, which belong to the whole process.
@Suite("The module pvm", .serialized)
struct ModuleTests {}
