/// Whole numbers among the reals, told without the functions of the C library, which this room does
/// not link.
extension Double {
  /// The same number as a signed integer, or nil when it has a fraction or does not fit 64 bits.
  @usableFromInline var wholeSigned: Int64? {
    guard self >= -0x1p63, self < 0x1p63 else { return nil }
    let number = Int64(self)
    return Double(number) == self ? number : nil
  }

  /// The same number as an unsigned integer, or nil when it has a fraction or does not fit 64 bits.
  @usableFromInline var wholeUnsigned: UInt64? {
    guard self >= 0, self < 0x1p64 else { return nil }
    let number = UInt64(self)
    return Double(number) == self ? number : nil
  }

  /// Whether it has no fraction; reals from 2^53 on have none.
  @usableFromInline var isWhole: Bool {
    isFinite && (magnitude >= 0x1p53 || wholeSigned != nil)
  }
}
