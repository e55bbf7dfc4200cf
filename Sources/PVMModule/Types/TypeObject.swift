import LuaHost
import MemoryModel
import RemoteMemory
import Synchronization

/// A struct type as scripts hold it, with the types that its pointers lead to.
public final class TypeObject {
  let type: StructType
  let catalog: TypeCatalog

  init(_ type: StructType, _ catalog: TypeCatalog) {
    self.type = type
    self.catalog = catalog
  }

  /// A name for a type that has none, so that pointers to it find it.
  static func freshName() -> String {
    "struct#\(count.wrappingAdd(1, ordering: .relaxed).newValue)"
  }

  private static let count = Atomic(0)

  var shownName: String { type.shownName }

  /// How it lies in the memory of a source.
  func layout(for source: any MemorySource) throws -> StructLayout {
    guard let layout = type.layout(pointerWidth: source.pointerWidth) else {
      throw ArgumentMismatch(
        "how '\(shownName)' lies in memory of \(source.pointerWidth.bits) bits is not known")
    }
    return layout
  }

  /// The layout that a question about the type alone means: of 64 bits where there is one.
  var shown: (layout: StructLayout, width: PointerWidth)? {
    for width in [PointerWidth.eight, .four] {
      if let layout = type.layout(pointerWidth: width) { return (layout, width) }
    }
    return nil
  }
}

extension PVMModule {
  /// The class of struct types: what `pvm.struct` and `pvm.cdef` give.
  static var typeClass: ClassDeclaration {
    ClassDeclaration(
      TypeObject.self, "pvm.type", "How a struct lies in memory.",
      [
        [
          .field("name", .text("what it is called", name: "name")) { (object: TypeObject) in
            object.shownName
          },
          .method(
            "size", "The size in bytes.",
            Parameter("bits", .count("bits", from: 32, upTo: 64), "32 or 64", default: 64),
            returns: .count("bytes"),
            about: About(
              example: """
                local Node = pvm.struct{ {"value", "i32"}, {"next", "ptr"} }
                print(Node:size(), Node:size(32))  --> 16 8
                """)
          ) { (_, object: TypeObject, bits: Int) in
            let width = bits == 32 ? PointerWidth.four : .eight
            return try object.layout(width).byteCount(pointerWidth: width)
          },
          .method(
            "offset_of", "Where a field lies, in bytes from the start.",
            Parameter("field", .text, "its name; \"pos.x\" for one of a struct inside"),
            Parameter("bits", .count("bits", from: 32, upTo: 64), "32 or 64", default: 64),
            returns: .count("bytes", name: "offset"),
            about: About(
              example: """
                local T = pvm.cdef[[ struct a { char c; struct { int x, y; } pos; }; ]]
                print(T.a:offset_of("pos.y"))  --> 8
                """)
          ) { (_, object: TypeObject, path: String, bits: Int) in
            let width = bits == 32 ? PointerWidth.four : .eight
            let layout = try object.layout(width)
            return try StructPath(path).find(in: layout, width, object.shownName).offset
          },
          .method(
            "fields", "The fields, in order.",
            Parameter("bits", .count("bits", from: 32, upTo: 64), "32 or 64", default: 64),
            returns: .value("table[]", "{name=, offset=, size=, type=} of each"),
            about: About(
              example: """
                local Point = pvm.struct{ {"x", "f32"}, {"y", "f32"} }
                for _, field in ipairs(Point:fields()) do print(field.name, field.offset, field.type) end
                """)
          ) { (_, object: TypeObject, bits: Int) in
            let width = bits == 32 ? PointerWidth.four : .eight
            var list = LuaTable()
            list.array = try object.layout(width).rows(width).map { row in
              .table(
                LuaTable([
                  ("name", .text(row.name)), ("offset", .integer(Int64(row.offset))),
                  ("size", .integer(Int64(row.element.byteCount(width)))),
                  ("type", .text(row.element.description)),
                ]))
            }
            return .table(list)
          },
          .metamethod("__tostring", .text("its fields as a table")) { (_, object: TypeObject) in
            object.text
          },
        ]
      ])
  }
}

extension TypeObject {
  fileprivate func layout(_ width: PointerWidth) throws -> StructLayout {
    guard let layout = type.layout(pointerWidth: width) else {
      throw ArgumentMismatch("how '\(shownName)' lies in memory of \(width.bits) bits is not known")
    }
    return layout
  }

  /// A headline, and a line for each field.
  fileprivate var text: String {
    guard let (layout, width) = shown else { return shownName }
    let rows = layout.rows(width).map { row in
      ["  +0x" + String(row.offset, radix: 16), row.element.description, row.name]
    }
    return
      (["\(shownName), \(layout.byteCount(pointerWidth: width)) bytes"]
      + HitsObject.aligned(rows)).joined(separator: "\n")
  }
}

extension StructType {
  /// What people read: `entity` for `struct entity`; a type without a name of its own is a struct.
  var shownName: String {
    if name.contains("#") { return "struct" }
    return name.split(separator: " ").last.map(String.init) ?? name
  }
}

extension StructLayout {
  /// The fields with their places.
  func rows(_ width: PointerWidth) -> [(name: String, offset: Int, element: Element)] {
    fields.indices.map { index in
      let (offset, element) = place(at: index, pointerWidth: width)
      return (fields[index].key.description, offset, element)
    }
  }
}

/// The way to a field: `pos.x`, `slots[2].count`.
struct StructPath {
  private let steps: [Step]
  private let text: String

  private enum Step {
    case name(String)
    case index(Int)
  }

  init(_ text: String) throws {
    self.text = text
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let name = pieces.first, !name.isEmpty else { throw Self.wrong(text) }
      steps.append(.name(String(name)))
      for piece in pieces.dropFirst() {
        guard piece.hasSuffix("]"), let index = Int(piece.dropLast()) else {
          throw Self.wrong(text)
        }
        steps.append(.index(index))
      }
    }
    self.steps = steps
  }

  private static func wrong(_ text: String) -> ArgumentMismatch {
    ArgumentMismatch("'\(text)' is no name of a field; write \"pos.x\" or \"slots[2].count\"")
  }

  /// The field in a struct.
  func find(
    in layout: StructLayout, _ width: PointerWidth, _ name: String
  ) throws -> (offset: Int, element: StructLayout.Element) {
    var offset = 0
    var element = StructLayout.Element.nested(layout)
    for step in steps {
      switch (step, element) {
      case (.name(let field), .nested(let layout)):
        guard let place = layout.place(of: .name(field), pointerWidth: width) else {
          let names = layout.fields.map(\.key.description)
          throw ArgumentMismatch(Spelling.unknown("field", field, among: names) + " of \(name)")
        }
        offset += place.offset
        element = place.element
      case (.index(let index), .array(let inner, let count, _)):
        guard index >= 1, index <= count else {
          throw ArgumentMismatch("'\(text)': an index is 1 to \(count), got \(index)")
        }
        offset += (index - 1) * element.stride(width)
        element = inner
      default: throw ArgumentMismatch("'\(text)' goes into a field that has no parts of that kind")
      }
    }
    return (offset, element)
  }
}
