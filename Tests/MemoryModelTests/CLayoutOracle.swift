import Foundation
import MemoryModel

/// A member of a struct that was made up, and how to look at it from outside.
struct MadeMember {
  /// How C reaches it: `a.b`.
  let path: String
  let isBits: Bool
}

/// Makes up structs in C: nested ones, unions, arrays, fields of bits, packed and aligned ones.
struct StructMaker {
  private var random: SplitMix
  private var count = 0
  private(set) var text = """
    enum small { SMALL_A, SMALL_B = 7 };
    enum signs { SIGN_A = -1, SIGN_B };
    typedef unsigned int word;
    typedef short pair[2];
    typedef int (*callback)(int, void *);

    """
  /// The structs by name, with their members.
  private(set) var structs: [(name: String, members: [MadeMember])] = []

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  private mutating func pick<Element>(_ list: [Element]) -> Element {
    list[random.next(upTo: list.count)]
  }

  private mutating func isOne(in chances: Int) -> Bool { random.next(upTo: chances) == 0 }

  /// Appends a struct or union.
  mutating func make() {
    count += 1
    let name = "s\(count)"
    var members: [MadeMember] = []
    let pack = isOne(in: 6) ? pick([1, 2, 4, 8]) : nil
    if let pack { text += "#pragma pack(push, \(pack))\n" }
    text += body(name, prefix: "m", members: &members, level: 0) + ";\n"
    if pack != nil { text += "#pragma pack(pop)\n" }
    structs.append((name, members))
  }

  private mutating func body(
    _ name: String?, prefix: String, members: inout [MadeMember], level: Int
  ) -> String {
    let word = isOne(in: 5) ? "union" : "struct"
    var lines = "\(word) \(name ?? "") {\n"
    for number in 1...(1 + random.next(upTo: 6)) {
      lines += member("\(prefix)\(number)", &members, level)
    }
    lines += "}"
    if isOne(in: 5) { lines += " __attribute__((packed))" }
    if isOne(in: 8) { lines += " __attribute__((aligned(\(pick([1, 2, 4, 8, 16, 32])))))" }
    return lines
  }

  private mutating func member(
    _ name: String, _ members: inout [MadeMember], _ level: Int
  ) -> String {
    switch random.next(upTo: 12) {
    case 0..<4: return bits(name, &members)
    case 4 where level < 2:
      var inner: [MadeMember] = []
      let text = body(nil, prefix: name + "_", members: &inner, level: level + 1)
      members += inner
      return text + ";\n"
    case 5 where level < 2:
      var inner: [MadeMember] = []
      let text = body(nil, prefix: "n", members: &inner, level: level + 1)
      members += inner.map { MadeMember(path: "\(name).\($0.path)", isBits: $0.isBits) }
      return text + " \(name);\n"
    case 6 where !structs.isEmpty:
      members.append(MadeMember(path: name, isBits: false))
      return "struct_or_union(\(pick(structs).name)) \(name)\(isOne(in: 3) ? "[2]" : "");\n"
    default: break
    }
    members.append(MadeMember(path: name, isBits: false))
    let type = pick([
      "char", "signed char", "unsigned char", "short", "int", "unsigned", "long", "unsigned long",
      "long long", "uint64_t", "float", "double", "long double", "_Bool", "void *", "char **",
      "size_t", "wchar_t", "enum small", "enum signs", "word", "pair", "callback", "int16_t",
    ])
    let array =
      isOne(in: 4) ? pick(["[1]", "[3]", "[2][3]", "[sizeof(long) - 1]", "[1 << 2]"]) : ""
    var attribute = ""
    if isOne(in: 8) { attribute = " __attribute__((aligned(\(pick([2, 4, 8, 16])))))" }
    if isOne(in: 10) { attribute += " __attribute__((packed))" }
    return "\(type) \(name)\(array)\(attribute);\n"
  }

  private mutating func bits(_ name: String, _ members: inout [MadeMember]) -> String {
    let (type, limit) = pick([
      ("int", 32), ("unsigned", 32), ("unsigned char", 8), ("short", 16), ("long long", 64),
      ("uint64_t", 64), ("_Bool", 1), ("enum small", 32), ("unsigned short", 16),
    ])
    switch random.next(upTo: 8) {
    case 0: return "\(type) : 0;\n"
    case 1: return "\(type) : \(1 + random.next(upTo: limit));\n"
    default:
      members.append(MadeMember(path: name, isBits: true))
      return "\(type) \(name) : \(1 + random.next(upTo: limit));\n"
    }
  }
}

/// What gcc says of structs: sizes, offsets, and the bytes in which all bits of a field are set.
struct LayoutOracle {
  /// By struct: its size, and for each member what is known of it.
  private(set) var sizes: [String: Int] = [:]
  /// By `struct.member`: the offset.
  private(set) var offsets: [String: Int] = [:]
  /// By `struct.member`: the bytes.
  private(set) var bytes: [String: [UInt8]] = [:]
  /// What gcc complained about.
  private(set) var complaint = ""

  init(_ text: String, _ structs: [(name: String, members: [MadeMember])], option: String) throws {
    var source = "#include <stddef.h>\n#include <stdint.h>\n" + text
    var labels: [String: String] = [:]
    for made in structs {
      source += "const int size_\(made.name) = sizeof(T\(made.name));\n"
      for (number, member) in made.members.enumerated() {
        let label = "\(made.name)_\(number)"
        labels[label] = made.name + "." + member.path
        source +=
          member.isBits
          ? "const T\(made.name) bits_\(label) = {.\(member.path) = -1};\n"
          : "const int at_\(label) = offsetof(T\(made.name), \(member.path));\n"
      }
    }
    let assembly = try Self.compile(source, option)
    complaint = assembly.contains("error:") ? assembly : ""
    read(assembly, labels)
  }

  private static func compile(_ source: String, _ option: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/gcc")
    process.arguments = [option, "-w", "-S", "-x", "c", "-ffreestanding", "-o", "-", "-"]
    process.environment = ["LC_ALL": "C", "PATH": "/usr/bin:/bin"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    input.fileHandleForWriting.write(Data(source.utf8))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads the data that stands behind each label.
  private mutating func read(_ assembly: String, _ labels: [String: String]) {
    var label = ""
    var data: [UInt8] = []
    for line in assembly.split(separator: "\n") {
      if !line.hasPrefix("\t"), line.hasSuffix(":") {
        note(label, data, labels)
        (label, data) = (String(line.dropLast()), [])
      } else {
        data += Self.bytes(of: line.split(separator: "\t").map(String.init))
      }
    }
    note(label, data, labels)
  }

  private mutating func note(_ label: String, _ data: [UInt8], _ labels: [String: String]) {
    let parts = label.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return }
    let number = data.prefix(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    switch parts[0] {
    case "size": sizes[parts[1]] = number
    case "at": offsets[labels[parts[1]] ?? ""] = number
    case "bits": bytes[labels[parts[1]] ?? ""] = data
    default: break
    }
  }

  private static func bytes(of words: [String]) -> [UInt8] {
    guard words.count == 2 else { return [] }
    let sizes = [".byte": 1, ".value": 2, ".long": 4, ".quad": 8]
    if words[0] == ".zero" { return [UInt8](repeating: 0, count: Int(words[1]) ?? 0) }
    guard let size = sizes[words[0]], let value = Int64(words[1]) else { return [] }
    return (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
