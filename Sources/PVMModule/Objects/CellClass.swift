import LuaHost
import MemoryModel
import RemoteMemory

/// A typed place in a process; also a hit of a search, which remembers what it was.
public final class CellObject {
  let handle: ProcessHandle
  /// Where it lies, or lay when a path was last followed.
  private(set) var address: Address
  /// The way there, which is followed anew at each use.
  let path: AddressPath?
  /// For so many seconds what a path led to is believed.
  private let holdSeconds: Double
  private var followed = -Double.infinity
  let element: HitElement
  let byteCount: Int
  let encoding: StoredEncoding
  /// The hit it stands for, and the search that found it.
  private let hit: (Hit, Hits)?

  init(
    handle: ProcessHandle, address: Address, format: ScalarFormat,
    encoding: StoredEncoding = .none, path: AddressPath? = nil, holdSeconds: Double = 0
  ) {
    self.handle = handle
    self.address = address
    self.path = path
    self.holdSeconds = holdSeconds
    element = .scalar(format)
    byteCount = format.byteCount(pointerWidth: handle.source.pointerWidth)
    self.encoding = encoding
    hit = nil
  }

  /// A hit of a search.
  init(handle: ProcessHandle, hit: Hit, of hits: Hits) {
    self.handle = handle
    path = nil
    holdSeconds = 0
    address = hit.address
    element = hit.element
    byteCount = hit.byteCount
    encoding = hits.lanes[hit.lane].encoding
    self.hit = (hit, hits)
  }

  /// The name of its type: a scalar's, or what the pattern was called.
  var typeName: String {
    if let (hit, hits) = hit { return hits.lanes[hit.lane].label }
    if case .scalar(let format) = element { return format.name }
    return "bytes"
  }

  /// The value it had when the search looked.
  var old: ScalarValue? { hit?.0.old }

  /// The value the first scan of the search met.
  var first: ScalarValue? { hit.flatMap { $1.firstValue(of: $0) } }

  /// Where it lies now.
  func place() throws(RemoteMemoryError) -> Address {
    guard let path else { return address }
    let now = Clock.now
    if now - followed >= holdSeconds {
      followed = -.infinity
      address = try handle.source.resolve(path)
      followed = now
    }
    return address
  }

  /// What is there now.
  func value() throws -> HitValue {
    try HitValue.read(element, encoding, at: place(), byteCount, from: handle.source)
  }

  /// Writes what the program is to mean by it.
  func write(_ value: LuaValue) throws {
    let place = try place()
    try handle.source.writeBytes(storedBytes(value), at: place)
  }

  /// The bytes that a value is stored as there.
  func storedBytes(_ value: LuaValue) throws -> [UInt8] {
    guard case .scalar(let format) = element else {
      guard case .bytes(let bytes) = value else {
        throw ArgumentMismatch("string expected, got \(value.typeName)")
      }
      let stored = try element.stored(bytes)
      guard stored.count <= byteCount else {
        throw ArgumentMismatch("\(stored.count) bytes do not fit the \(byteCount) that were found")
      }
      return stored
    }
    guard let scalar = ScalarValue(value) else {
      throw ArgumentMismatch("number or boolean expected, got \(value.typeName)")
    }
    return try StoredScalar(format, encoding, in: handle.source).bytes(of: scalar, at: address)
  }
}

extension PVMModule {
  static var cellClass: ClassDeclaration {
    ClassDeclaration(
      CellObject.self, "pvm.cell",
      "A typed place in a process. A hit of a search is one that remembers what it was.",
      [
        [
          .field("value", .cellValue("what is there now, read anew each time")) {
            (cell: CellObject) in try cell.value()
          },
          .assignment("value", .any, "what to write there") { (cell: CellObject, value: LuaValue) in
            try cell.write(value)
          },
          .field("address", .address("first byte; at the end of a path, followed anew")) {
            (cell: CellObject) in try cell.place()
          },
          .field(
            "path",
            ResultType<PathObject>.object("pvm.path", "the way there; nil for a fixed address")
              .optional()
          ) { (cell: CellObject) in cell.path.map { PathObject($0) } },
          .field("type", .text("the name of its type", name: "type")) { (cell: CellObject) in
            cell.typeName
          },
          .field("size", .count("bytes", name: "size")) { (cell: CellObject) in cell.byteCount },
          .field(
            "old",
            ResultType<ScalarValue>.scalar("of a hit: what it was when the search looked")
              .optional()
          ) { (cell: CellObject) in cell.old },
          .field(
            "first",
            ResultType<ScalarValue>.scalar("of a hit: what the first scan met").optional()
          ) { (cell: CellObject) in cell.first },
          .field(
            "region",
            ResultType<RegionObject>.object("pvm.region", "the mapping it lies in; nil in a gap")
              .optional()
          ) { (cell: CellObject) in
            try cell.handle.source.regionMap().region(containing: cell.place())
              .map(RegionObject.init)
          },
          .metamethod("__tostring", .text("place, type and value")) { (_, cell: CellObject) in
            let value = try? cell.value()
            let place = cell.path.map { "\($0)" } ?? "\(cell.address)"
            return "\(cell.typeName) at \(place): \(value?.text(as: cell.element) ?? "unreadable")"
          },
        ],
        freezeCellMethods,
      ])
  }
}
