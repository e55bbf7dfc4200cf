import LuaHost
import MemoryModel
import RemoteMemory

/// A struct or an array in the memory of a process, whose parts are read and assigned by name.
public final class ViewObject {
  let handle: ProcessHandle
  let address: Address
  /// A struct or an array.
  let element: StructLayout.Element
  /// What it is called in messages: `entity.next`.
  let path: String
  /// The name of its type.
  let typeName: String
  let catalog: TypeCatalog
  /// What was read of it once; nil: it is read anew each time.
  let held: HeldBytes?

  init(
    _ handle: ProcessHandle, at address: Address, _ element: StructLayout.Element, path: String,
    typeName: String, _ catalog: TypeCatalog, held: HeldBytes? = nil
  ) {
    self.handle = handle
    self.address = address
    self.element = element
    self.path = path
    self.typeName = typeName
    self.catalog = catalog
    self.held = held
  }

  /// A struct, or so many side by side.
  convenience init(
    _ handle: ProcessHandle, at address: Address, _ type: TypeObject, count: Int? = nil
  ) throws {
    let layout = try type.layout(for: handle.source)
    let one = StructLayout.Element.nested(layout)
    self.init(
      handle, at: address, count.map { .array(one, count: $0) } ?? one, path: type.shownName,
      typeName: type.shownName, type.catalog)
  }

  var width: PointerWidth { handle.source.pointerWidth }
  var byteCount: Int { element.byteCount(width) }

  // MARK: Parts

  /// A part of it: where it lies and what it is called.
  struct Part {
    let offset: Int
    let element: StructLayout.Element
    let path: String
  }

  /// The field with this name.
  func part(named name: String) throws -> Part {
    guard case .nested(let layout) = element else {
      throw ArgumentMismatch("\(path) is an array; its elements have numbers, not '\(name)'")
    }
    guard let (offset, element) = layout.place(of: .name(name), pointerWidth: width) else {
      let names = layout.fields.map(\.key.description)
      throw ArgumentMismatch(Spelling.unknown("field", name, among: names) + " of \(path)")
    }
    return Part(offset: offset, element: element, path: "\(path).\(name)")
  }

  /// The element with this number; nil outside.
  func part(at index: Int64) -> Part? {
    guard case .array(let inner, let count, _) = element, index >= 1, index <= count else {
      return nil
    }
    return Part(
      offset: (Int(index) - 1) * element.stride(width), element: inner, path: "\(path)[\(index)]")
  }

  /// The part under a path such as `pos.x`.
  func part(along path: String) throws -> Part {
    guard case .nested(let layout) = element else {
      throw ArgumentMismatch("\(self.path) is an array")
    }
    let (offset, element) = try StructPath(path).find(in: layout, width, self.path)
    return Part(offset: offset, element: element, path: "\(self.path).\(path)")
  }

  // MARK: Reading

  /// What a part is for a script.
  enum Content {
    case value(StructValue)
    case view(ViewObject)
    case nothing
  }

  func content(of part: Part) throws -> Content {
    switch part.element {
    case .nested, .array: return .view(view(of: part))
    case .pointer(let target):
      let pointer = try self.pointer(in: part)
      guard pointer != .zero else { return .nothing }
      guard let type = catalog.type(named: target),
        let layout = type.layout(pointerWidth: width)
      else { return .value(.scalar(.unsigned(pointer.rawValue))) }
      return .view(
        ViewObject(
          handle, at: pointer, .nested(layout), path: part.path, typeName: type.shownName,
          catalog))
    default: return .value(try value(of: part))
    }
  }

  /// A part that has parts of its own.
  private func view(of part: Part) -> ViewObject {
    ViewObject(
      handle, at: address.offset(by: Int64(part.offset)), part.element, path: part.path,
      typeName: part.element.description, catalog, held: held?.part(part.offset))
  }

  func pointer(in part: Part) throws -> Address {
    guard case .scalar(.unsigned(let pointer)) = try value(of: part) else { return .zero }
    return Address(pointer)
  }

  /// What a part holds, in one read, or as it was when it was held.
  func value(of part: Part) throws -> StructValue {
    if let held {
      let bytes = held.bytes(part.offset, part.element.byteCount(width))
      return handle.source.decode(part.element, bytes)
    }
    do throws(RemoteMemoryError) {
      return try handle.source.readElement(
        part.element, at: address.offset(by: Int64(part.offset)))
    } catch {
      throw error.naming(part.path)
    }
  }

  /// All of it.
  var whole: Part { Part(offset: 0, element: element, path: path) }

  /// The same, with what it holds now.
  func holding() throws -> ViewObject {
    do throws(RemoteMemoryError) {
      let bytes = try handle.source.readBytes(at: address, count: byteCount)
      return holding(HeldBytes(bytes))
    } catch {
      throw error.naming(path)
    }
  }

  func holding(_ held: HeldBytes) -> ViewObject {
    ViewObject(
      handle, at: address, element, path: path, typeName: typeName, catalog, held: held)
  }

  // MARK: Writing

  /// Writes what a script assigns to a part.
  func assign(_ value: LuaValue, to part: Part) throws {
    let stored: StructValue
    switch (value, part.element) {
    case (.null, .pointer), (.null, .scalar(ScalarFormat(.ptr))): stored = .scalar(.integer(0))
    case (.null, _): throw ArgumentMismatch("\(part.path) cannot become nil")
    default: stored = try StructValue(value, path: part.path)
    }
    do throws(RemoteMemoryError) {
      let pieces = try handle.source.writeElement(
        stored, as: part.element, at: address.offset(by: Int64(part.offset)))
      held?.put(pieces, at: part.offset)
    } catch {
      throw error.naming(part.path)
    }
  }
}

/// Bytes that were read once, and where in them a struct begins.
final class HeldBytes {
  private final class Storage {
    var bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  private let storage: Storage
  private let start: Int

  init(_ bytes: [UInt8]) {
    storage = Storage(bytes)
    start = 0
  }

  private init(_ storage: Storage, _ start: Int) {
    self.storage = storage
    self.start = start
  }

  /// The same bytes, for a part that begins so far in.
  func part(_ offset: Int) -> HeldBytes { HeldBytes(storage, start + offset) }

  func bytes(_ offset: Int, _ count: Int) -> [UInt8] {
    let range = (start + offset)..<(start + offset + count)
    return Array(storage.bytes[range.clamped(to: 0..<storage.bytes.count)])
  }

  /// Notes what was written.
  func put(_ pieces: [StructLayout.Piece], at offset: Int) {
    for piece in pieces {
      let first = start + offset + piece.offset
      let range = first..<(first + piece.bytes.count)
      guard range.upperBound <= storage.bytes.count else { continue }
      storage.bytes.replaceSubrange(range, with: piece.bytes(over: Array(storage.bytes[range])))
    }
  }
}

extension RemoteMemoryError {
  /// The same error, with the field it is about.
  func naming(_ path: String) -> RemoteMemoryError {
    var error = self
    if error.detail.isEmpty, case .fault = cause { error.detail = "not mapped" }
    error.detail += error.detail.isEmpty ? path : ", in \(path)"
    return error
  }
}

extension ViewObject.Content {
  func write(to reply: Reply) {
    switch self {
    case .value(let value): reply.value(value.luaValue)
    case .view(let view): reply.object(view)
    case .nothing: reply.null()
    }
  }
}
