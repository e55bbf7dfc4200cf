/// Gathers the symbols of one module from its tables.
public struct SymbolTableBuilder {
  private var entries: [SymbolTable.Entry] = []
  private var names: [UInt8] = []
  private var versions = [""]
  private var versionIndices: [String: UInt16] = [:]
  private var isComplete = true
  /// Stretches that a symbol without a size does not reach beyond.
  public var stretches: [AddressRange] = []

  private static let mostNameBytes = 1 << 30

  /// A builder of an empty table.
  public init() {}

  /// Whether anything was added.
  public var isEmpty: Bool { entries.isEmpty }

  /// Notes that a table had more than was read.
  public mutating func noteCut() { isComplete = false }

  /// Adds a symbol.
  /// - Parameters:
  ///   - name: its name; what follows an `@` is its version, and `@@` the one that is meant without.
  ///   - version: a version that the name does not say itself.
  public mutating func add(
    _ name: Slice<UnsafeRawBufferPointer>, version: String? = nil, isDefault: Bool = true,
    address: UInt64, byteCount: UInt64, kind: ModuleSymbol.Kind, binding: ModuleSymbol.Binding
  ) {
    guard entries.count < SymbolTable.mostSymbols,
      names.count &+ name.count < Self.mostNameBytes
    else {
      isComplete = false
      return
    }
    var (plain, version, isDefault) = (name, version, isDefault)
    if version == nil, let at = name.firstIndex(of: UInt8(ascii: "@")), at > name.startIndex {
      plain = name[..<at]
      let rest = name[(at &+ 1)...]
      isDefault = rest.first == UInt8(ascii: "@")
      version = String(decoding: rest.drop { $0 == UInt8(ascii: "@") }, as: UTF8.self)
    }
    guard !plain.isEmpty else { return }
    let start = names.count
    names.append(contentsOf: plain)
    entries.append(
      SymbolTable.Entry(
        address: address, byteCount: byteCount, name: UInt32(start),
        nameCount: UInt32(plain.count), version: version.map { index(of: $0) } ?? 0,
        kind: UInt8(ModuleSymbol.Kind.allCases.firstIndex(of: kind) ?? 0),
        binding: UInt8(ModuleSymbol.Binding.allCases.firstIndex(of: binding) ?? 0),
        rank: Self.rank(plain, kind, binding, isDefault), isDefault: isDefault))
  }

  private mutating func index(of version: String) -> UInt16 {
    if let known = versionIndices[version] { return known }
    guard versions.count < Int(UInt16.max) else { return 0 }
    versionIndices[version] = UInt16(versions.count)
    versions.append(version)
    return UInt16(versions.count - 1)
  }

  /// People know `malloc` rather than `__libc_malloc`, which is the same place.
  private static func rank(
    _ name: Slice<UnsafeRawBufferPointer>, _ kind: ModuleSymbol.Kind,
    _ binding: ModuleSymbol.Binding, _ isDefault: Bool
  ) -> UInt8 {
    let underscores = name.prefix(2).reduce(0) { $0 &+ ($1 == UInt8(ascii: "_") ? 1 : 0) }
    let order: UInt8 =
      switch binding {
      case .global: 0
      case .weak: 1
      case .local: 2
      }
    return (kind == .label ? 64 : 0) | (isDefault ? 0 : 32) | UInt8(underscores) << 2 | order
  }

  /// The table of what was added; the same name of the same place is kept once.
  public consuming func table() -> SymbolTable {
    let names = names
    let isComplete = isComplete
    let stretches = stretches
    let versions = versions
    var sorted = entries
    entries = []
    names.withUnsafeBufferPointer { names in
      sorted.sort { Self.precedes($0, $1, names) }
      var kept = 0
      for index in sorted.indices {
        if kept > 0, Self.isSame(sorted[kept &- 1], sorted[index], names) {
          sorted[kept &- 1].byteCount = max(sorted[kept &- 1].byteCount, sorted[index].byteCount)
          continue
        }
        sorted[kept] = sorted[index]
        kept &+= 1
      }
      sorted.removeLast(sorted.count &- kept)
    }
    return SymbolTable(
      entries: sorted, names: names, versions: versions, stretches: stretches,
      isComplete: isComplete)
  }

  private static func precedes(
    _ one: SymbolTable.Entry, _ two: SymbolTable.Entry, _ names: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    if one.address != two.address { return one.address < two.address }
    if one.rank != two.rank { return one.rank < two.rank }
    if one.nameCount != two.nameCount { return one.nameCount < two.nameCount }
    let order = compare(one, two, names)
    if order != 0 { return order < 0 }
    return one.version > two.version
  }

  private static func isSame(
    _ one: SymbolTable.Entry, _ two: SymbolTable.Entry, _ names: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    one.address == two.address && one.nameCount == two.nameCount
      && (one.version == two.version || two.version == 0) && compare(one, two, names) == 0
  }

  /// Compares the bytes of two names that are equally long.
  private static func compare(
    _ one: SymbolTable.Entry, _ two: SymbolTable.Entry, _ names: UnsafeBufferPointer<UInt8>
  ) -> Int {
    if one.name == two.name { return 0 }
    for offset in 0..<Int(one.nameCount) {
      let (left, right) = (names[Int(one.name) &+ offset], names[Int(two.name) &+ offset])
      if left != right { return Int(left) &- Int(right) }
    }
    return 0
  }
}
