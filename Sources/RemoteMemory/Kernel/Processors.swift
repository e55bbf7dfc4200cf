import CProcessVM

/// The processors this program may run on.
enum Processors {
  /// How many, at least 1.
  static var count: Int { Int(pvm_processor_count()) }
}
