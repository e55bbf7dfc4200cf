/// What a C compiler decides for a kind of machine.
public struct CTargetABI: Hashable, Sendable {
  /// The width of pointers.
  public let pointerWidth: PointerWidth
  /// The size of `long` in bytes.
  let longByteCount: Int
  /// How numbers of 8 bytes are aligned inside a struct.
  let wideAlignment: Int
  /// The size and alignment of `long double`.
  let longDouble: (byteCount: Int, alignment: Int)

  /// Linux on 64-bit machines: `long` and pointers have 8 bytes (LP64).
  public static let wide = CTargetABI(
    pointerWidth: .eight, longByteCount: 8, wideAlignment: 8, longDouble: (16, 16))
  /// Linux on i386: `long` and pointers have 4 bytes (ILP32), numbers of 8 bytes in structs are
  /// aligned to 4.
  public static let narrow = CTargetABI(
    pointerWidth: .four, longByteCount: 4, wideAlignment: 4, longDouble: (12, 4))

  public static func == (left: CTargetABI, right: CTargetABI) -> Bool {
    left.pointerWidth == right.pointerWidth
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(pointerWidth) }
}
