import LuaHost
import MemoryModel
import RemoteMemory

extension ArgumentType {
  /// A table's entries from 1 to its length, each turned into something else; `item` gets the entry
  /// and says what is wrong with it, and the message names the entry by its number.
  fileprivate static func list<Item>(
    _ summary: String, annotation: String, limit: Int = .max,
    _ item: @escaping (LuaValue) throws -> Item
  ) -> ArgumentType<[Item]> where Value == [Item] {
    ArgumentType<LuaValue>.table.map(summary, annotation: annotation) { value in
      guard case .table(let table) = value else { return [] }
      guard table.array.count <= limit else {
        throw ArgumentMismatch("at most \(limit) entries, got \(table.array.count)")
      }
      return try table.array.enumerated().map { index, value in
        do { return try item(value) } catch let mismatch as ArgumentMismatch {
          throw ArgumentMismatch("entry \(index + 1) \(mismatch.reason)")
        }
      }
    }
  }
}

extension ArgumentType where Value == [ScalarValue] {
  /// A list of numbers or booleans.
  static var scalarValues: ArgumentType<[ScalarValue]> {
    .list("list of numbers or booleans", annotation: "(number|boolean)[]") { value in
      guard let scalar = ScalarValue(value) else {
        throw ArgumentMismatch("is a \(value.typeName), not a number")
      }
      return scalar
    }
  }
}

extension ArgumentType where Value == [Int] {
  /// A list of byte counts.
  static var sizeList: ArgumentType<[Int]> {
    .list("list of byte counts", annotation: "integer[]") { value in
      guard let size = value.wholeNumber, size >= 0, size <= transferLimitBytes else {
        throw ArgumentMismatch("must be a byte count of 0 to 1 GiB")
      }
      return Int(size)
    }
  }
}

extension ArgumentType where Value == [[UInt8]] {
  /// A list of strings.
  static var bytesList: ArgumentType<[[UInt8]]> {
    .list("list of strings", annotation: "string[]") { value in
      guard case .bytes(let bytes) = value else {
        throw ArgumentMismatch("is a \(value.typeName), not a string")
      }
      return bytes
    }
  }
}

extension ArgumentType where Value == [String] {
  /// A list of words.
  static var words: ArgumentType<[String]> {
    .list("list of names", annotation: "string[]", limit: 256) { value in
      guard case .bytes(let bytes) = value else {
        throw ArgumentMismatch("is a \(value.typeName), not a string")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}

extension ArgumentType where Value == [Address] {
  /// A list of addresses.
  static var addressList: ArgumentType<[Address]> {
    .list("list of addresses", annotation: "integer[]", limit: 1_000_000) { value in
      guard let address = value.wholeNumber else {
        throw ArgumentMismatch("is a \(value.typeName), not an address")
      }
      return Address(luaInteger: address)
    }
  }
}

extension ArgumentType where Value == [AddressRange] {
  /// A list of {address, count}.
  static var rangeList: ArgumentType<[AddressRange]> {
    .list("list of {address, count}", annotation: "integer[][]") { value in
      guard case .table(let pair) = value, pair.array.count == 2,
        let address = pair.array[0].wholeNumber, let count = pair.array[1].wholeNumber, count >= 0
      else { throw ArgumentMismatch("must be {address, count}") }
      return AddressRange(start: Address(luaInteger: address), count: UInt64(count))
    }
  }
}

extension ArgumentType where Value == [Route] {
  /// A list of {base, offset, ...}, expressions and paths.
  static var routes: ArgumentType<[Route]> {
    .list(
      "list of {base, offset, ...} or paths", annotation: "(integer[]|string|pvm.path)[]",
      limit: 1_000_000
    ) { value in
      if value.wholeNumber == nil, case .path(let path)? = try PlaceArgument(value) {
        return .path(path)
      }
      guard case .table(let chain) = value, let base = chain.array.first?.wholeNumber else {
        throw ArgumentMismatch("must be {base, offset, ...}")
      }
      let offsets = try chain.array.dropFirst().map { offset in
        guard let bytes = offset.wholeNumber else {
          throw ArgumentMismatch("has an offset that is no integer")
        }
        return bytes
      }
      return .chain(PointerChain(base: Address(luaInteger: base), offsets: offsets))
    }
  }
}
