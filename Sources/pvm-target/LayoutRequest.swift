/// A layout as asked for on the command line: `NAME` or `NAME=N`.
struct LayoutRequest {
  let name: String
  let number: Int?

  init(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1)
    name = parts.first.map(String.init) ?? ""
    number = parts.count == 2 ? Int(parts[1]) : nil
    if parts.count == 2 && !(1...10_000_000).contains(number ?? 0) {
      fail("--layout \(text): the number must be from 1 to 10000000")
    }
  }
}
