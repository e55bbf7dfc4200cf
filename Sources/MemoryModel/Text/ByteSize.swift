extension UInt64 {
  /// A number of bytes for people, in its largest unit: `512 B`, `12.3 GiB`.
  public var sizeText: String {
    var (value, unit) = (Double(self), "B")
    for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = next
    }
    if unit == "B" { return "\(self) B" }
    let tenths = Int(value * 10 + 0.5)
    return "\(tenths / 10).\(tenths % 10) \(unit)"
  }
}
