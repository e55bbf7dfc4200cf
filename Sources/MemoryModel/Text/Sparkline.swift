/// Numbers as a row of bars, one character each, from the least `▁` to the greatest `█`.
///
/// Without any difference all bars are low; what is no number has a blank.
/// - Parameters:
///   - values: what to show, in order.
///   - width: the most characters; of more numbers some are left out, evenly; default 24.
public func sparkline(_ values: [Float], width: Int = 24) -> String {
  let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  let shown: [Float] =
    values.count <= max(width, 1)
    ? values : (0..<max(width, 1)).map { values[$0 * (values.count - 1) / max(width - 1, 1)] }
  let finite = shown.filter(\.isFinite)
  let low = finite.min() ?? 0
  let span = Double(finite.max() ?? 0) - Double(low)
  return String(
    shown.map { value in
      guard value.isFinite else { return " " as Character }
      guard span > 0 else { return bars[0] }
      return bars[min(7, Int((Double(value) - Double(low)) / span * 8))]
    })
}
