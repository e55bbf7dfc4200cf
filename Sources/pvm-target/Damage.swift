/// Takes damage from a health counter: the routine that every hit runs through.
///
/// Left unoptimised so that its core is the same in debug and release builds. On x86_64:
/// `8b 07` mov eax, [rdi]; `29 f0` sub eax, esi; `89 07` mov [rdi], eax.
@inline(never) @_optimize(none) @_silgen_name("pvm_target_take_damage")
func takeDamage(_ health: UnsafeMutablePointer<Int32>, _ damage: Int32) {
  health.pointee &-= damage
}

/// Where the damage routine's code lies.
enum DamageCode {
  /// A function value as Swift keeps it: the code's address, then a context.
  private struct Routine {
    let function: (UnsafeMutablePointer<Int32>, Int32) -> Void
  }

  /// The routine's first instruction.
  static var start: UInt64 {
    withUnsafeBytes(of: Routine(function: takeDamage)) {
      UInt64(UInt(bitPattern: $0.load(as: UnsafeRawPointer?.self)))
    }
  }

  /// The instruction `sub eax, esi`, or nil where the compiler wrote something else.
  static var subtraction: UInt64? {
    // Written inverted, so that a search of the program finds the code and nothing else.
    let core = [0x74, 0xf8, 0xd6, 0x0f, 0x76, 0xf8].map { ~UInt8($0) }
    guard let code = UnsafeRawPointer(bitPattern: UInt(start)) else { return nil }
    let bytes = UnsafeRawBufferPointer(start: code, count: 64)
    let found = (0..<58).first { core.elementsEqual(bytes[$0..<$0 + 6]) }
    return found.map { start + UInt64($0) + 2 }
  }
}
