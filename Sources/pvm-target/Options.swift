import Glibc

/// What the command line asked for.
struct Options {
  var printsAddresses = false
  var ticksPerSecond = 1.0
  var seconds: Double?
  var isQuiet = false
  var endsAtEndOfInput = false
  var diesWithParent = false
  var exitCode: Int32 = 0
  var scratchFolder: String?
  var layouts: [LayoutRequest] = []
  var usesHugePages = false
  /// How often the program has replaced itself; set by itself only.
  var generation = 0

  init(_ arguments: [String]) {
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      apply(argument) { Self.value(of: argument, from: &rest) }
    }
  }

  private mutating func apply(_ argument: String, _ value: () -> String) {
    switch argument {
    case "--addresses": printsAddresses = true
    case "--rate": ticksPerSecond = Self.number(value(), argument)
    case "--seconds": seconds = Self.number(value(), argument)
    case "--quiet": isQuiet = true
    case "--until-eof": endsAtEndOfInput = true
    case "--die-with-parent": diesWithParent = true
    case "--exit-code": exitCode = Int32(clamping: Int(Self.number(value(), argument)))
    case "--scratch": scratchFolder = value()
    case "--huge-pages": usesHugePages = true
    case "--layout": layouts.append(LayoutRequest(value()))
    case "--generation": generation = Int(Self.number(value(), argument))
    case "--help", "-h": finish(Usage.text)
    case "--version": finish("pvm-target 1\n")
    default: fail("unknown option \(argument) (try --help)")
    }
  }

  private func finish(_ text: String) -> Never {
    writeAll(text)
    exit(0)
  }

  private static func value(of option: String, from rest: inout ArraySlice<String>) -> String {
    guard let value = rest.popFirst() else { fail("\(option) needs a value") }
    return value
  }

  private static func number(_ text: String, _ option: String) -> Double {
    guard let number = Double(text), (0...1e9).contains(number) else {
      fail("\(option) needs a number from 0 to 1e9, not \(text)")
    }
    return number
  }
}
