import LuaHost
import MemoryModel
import RemoteMemory

/// How hits are written for other programs, a line each.
enum HitsFormat {
  /// An object a line: https://jsonlines.org.
  case jsonLines
  /// RFC 4180, with a line of names first.
  case csv

  /// The line that comes before all others.
  var heading: String { self == .csv ? "address,type,value,old,place\r\n" : "" }

  /// The line of one hit.
  func line(_ row: HitRow, of hits: Hits, in places: inout HitPlaces) -> String {
    let place = places.place(of: row.hit.address)
    let label = hits.lanes[row.hit.lane].label
    let element = row.hit.element
    switch self {
    case .jsonLines:
      return "{\"address\":\"\(row.hit.address)\",\"type\":\(Self.quoted(label)),"
        + "\"value\":\(row.value.map { Self.json($0, element) } ?? "null"),"
        + "\"old\":\(row.hit.old.map { Self.json(.scalar($0), element) } ?? "null"),"
        + "\"place\":\(Self.quoted(place))}\n"
    case .csv:
      return [
        "\(row.hit.address)", label, row.value.map { Self.plain($0, element) } ?? "",
        row.hit.old.map { Self.plain(.scalar($0), element) } ?? "", place,
      ].map(Self.field).joined(separator: ",") + "\r\n"
    }
  }

  private static func json(_ value: HitValue, _ element: HitElement) -> String {
    switch value {
    case .scalar(.real(let number)) where !number.isFinite: quoted("\(number)")
    case .scalar: value.text(as: element)
    case .bytes(let bytes): quoted(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func plain(_ value: HitValue, _ element: HitElement) -> String {
    switch value {
    case .scalar: value.text(as: element)
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }

  /// A JSON string, RFC 8259.
  static func quoted(_ text: String) -> String {
    var line = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\t": line += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line + "\""
  }

  /// A field of a CSV line, in quotes where it needs them.
  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes
      ? "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\"" : text
  }
}

extension HitsObject {
  /// Writes all hits with what is there now, in batches.
  /// - Returns: how many.
  func export(_ format: HitsFormat, to write: ([UInt8]) throws -> Void) throws -> Int {
    var places = HitPlaces(try hits.source.regionMap())
    try write(Array(format.heading.utf8))
    var number = 0
    while number < hits.count {
      let end = min(number + Hits.batchCount, hits.count)
      var text = ""
      for row in try rows(number..<end) { text += format.line(row, of: hits, in: &places) }
      try write(Array(text.utf8))
      number = end
      if hits.source.interrupt.isInterrupted {
        throw RemoteMemoryError(.save, .interrupted, process: hits.source.processID)
      }
    }
    return number
  }
}

extension PVMModule {
  /// Writing hits for others.
  static var hitsExports: [Declaration] {
    [
      .method(
        "save", "Write the hits to a file, from which `process.load_hits` reads them.",
        Parameter("path", .path, "a file, which is replaced once all is written"),
        returns: .nothing,
        about: About(
          fails: scanErrors + ["EACCES", "ENOENT"],
          example: """
            local path = os.tmpname()
            game:scan("i32", game:read_i32(health)):save(path)
            print(game:load_hits(path):has(health))  --> true
            os.remove(path)
            """,
          notes: """
            Addresses are kept as distances in the module or named region they lie in, beside old \
            values and the titles of the history, so that another run of the program can load them.
            """, seeAlso: ["process.load_hits", "hits.json"])
      ) { (_, object: HitsObject, path: String) in try object.hits.save(to: path) },
      export("json", .jsonLines, "as JSON lines", "address as text, type, value, old, place"),
      export("csv", .csv, "as CSV", "a line of names, then address, type, value, old, place"),
    ]
  }

  /// Reading them back.
  static var loadMethods: [Declaration] {
    [
      .method(
        "load_hits", "Read hits that `hits.save` wrote, also in another run of the program.",
        Parameter("path", .path, "the file"),
        returns: .values(
          hits("those whose places were found"),
          .count("how many were not: what they lay in is not there", name: "lost")),
        about: About(
          fails: scanErrors + ["EACCES", "ENOENT"],
          example: """
            local path = os.tmpname()
            game:scan("i32", game:read_i32(health)):save(path)
            local hits, lost = game:load_hits(path)
            print(#hits > 0, lost)  --> true 0
            os.remove(path)
            """, seeAlso: ["hits.save"])
      ) { (_, handle: ProcessHandle, path: String) -> (HitsObject, Int) in
        let loaded = try Hits.load(path, for: handle.source)
        return (HitsObject(handle: handle, hits: loaded.hits), loaded.unplacedCount)
      }
    ]
  }

  private static func export(
    _ name: String, _ format: HitsFormat, _ words: String, _ columns: String
  ) -> Declaration {
    .method(
      name, "Write all hits with what is there now \(words), a line each.",
      Parameter("path", .path, "a file, which is replaced; \"-\" for standard output"),
      returns: .count("how many hits were written"),
      about: About(
        fails: scanErrors + ["EACCES", "ENOENT"],
        example:
          #"print(game:scan("i32", game:read_i32(health)):\#(name)("/dev/null") >= 1)  --> true"#,
        notes: "Each line: \(columns).", seeAlso: ["hits.save", "hits.each"])
    ) { (call, object: HitsObject, path: String) in
      if path == "-" {
        guard let output = call.session.output else {
          throw ScriptFailure.badArgument(2, "this host has no standard output")
        }
        return try object.export(format, to: output)
      }
      let file = try OutputFile(path: path)
      defer { file.close() }
      return try object.export(format, to: file.write)
    }
  }
}

extension ArgumentType where Value == String {
  /// The path of a file.
  static var path: ArgumentType<String> {
    ArgumentType<[UInt8]>.bytes.map("path") { bytes in
      guard !bytes.isEmpty, !bytes.contains(0) else {
        throw ArgumentMismatch("a path is at least one byte, none of them zero")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
