/// An address expression taken apart, once, into the pointers it reads one after the other.
///
/// Many paths are then followed together: all pointers of one level are read at once, whichever paths
/// they belong to.
public struct AddressPath: Hashable, Sendable {
  /// A sum of a number, of names and of pointers that were read.
  struct Sum: Hashable, Sendable {
    struct Part: Hashable, Sendable {
      /// Which of the names, or of the hops.
      let index: Int
      let isNegative: Bool
    }

    var constant: UInt64 = 0
    var names: [Part] = []
    var hops: [Part] = []
  }

  /// A pointer that is read.
  struct Hop: Hashable, Sendable {
    /// Where it lies.
    let place: Sum
    /// How many pointers have to be read before it.
    let level: Int
  }

  /// The expression.
  public let expression: AddressExpression
  /// The names in it, each once.
  public let names: [String]
  /// The pointers, each behind those that it needs.
  let hops: [Hop]
  /// The address itself.
  let end: Sum
  /// How many levels of pointers there are: as many gathers follow it.
  public let depth: Int

  /// The path that an expression describes.
  public init(_ expression: AddressExpression) {
    self.expression = expression
    names = expression.names
    var hops: [Hop] = []
    end = Self.sum(of: expression, names, &hops)
    self.hops = hops
    depth = (hops.map(\.level).max() ?? -1) &+ 1
  }

  /// Reads an expression: `[[game+0x1234]+0x10]+8`.
  public init(parsing text: String) throws(AddressSyntaxError) {
    self.init(try AddressExpression(parsing: text))
  }

  /// The path `[[base]+first]+second` and so on.
  public init(base: Address, offsets: [Int64]) {
    var terms = [
      AddressExpression.Term(isNegative: false, operand: .number(base.rawValue), column: 1)
    ]
    for offset in offsets {
      terms = [
        .init(isNegative: false, operand: .pointer(at: AddressExpression(terms: terms)), column: 1),
        .init(isNegative: offset < 0, operand: .number(offset.magnitude), column: 1),
      ]
    }
    self.init(AddressExpression(terms: terms))
  }

  /// The same path, so many bytes further.
  public func offset(by byteCount: Int64) -> AddressPath {
    guard byteCount != 0 else { return self }
    let term = AddressExpression.Term(
      isNegative: byteCount < 0, operand: .number(byteCount.magnitude), column: 1)
    return AddressPath(AddressExpression(terms: expression.terms + [term]))
  }

  /// How many pointers are read.
  public var hopCount: Int { hops.count }

  private static func sum(
    of expression: AddressExpression, _ names: [String], _ hops: inout [Hop]
  ) -> Sum {
    var sum = Sum()
    for term in expression.terms {
      switch term.operand {
      case .number(let number):
        sum.constant = term.isNegative ? sum.constant &- number : sum.constant &+ number
      case .name(let name):
        sum.names.append(
          .init(index: names.firstIndex(of: name) ?? 0, isNegative: term.isNegative))
      case .pointer(let inner):
        let place = Self.sum(of: inner, names, &hops)
        let level = (place.hops.map { hops[$0.index].level }.max() ?? -1) &+ 1
        hops.append(Hop(place: place, level: level))
        sum.hops.append(.init(index: hops.count &- 1, isNegative: term.isNegative))
      }
    }
    return sum
  }
}

extension AddressPath.Sum {
  /// The number, when the names and the hops it needs are known.
  func value(names: ArraySlice<UInt64>, hops: ArraySlice<UInt64>) -> UInt64 {
    var sum = constant
    for part in self.names {
      let value = names[names.startIndex &+ part.index]
      sum = part.isNegative ? sum &- value : sum &+ value
    }
    for part in self.hops {
      let value = hops[hops.startIndex &+ part.index]
      sum = part.isNegative ? sum &- value : sum &+ value
    }
    return sum
  }
}

extension AddressPath {
  /// What evaluating several paths together needs, one after the other.
  public struct Cursor: Sendable {
    private let path: AddressPath
    private let names: [UInt64]
    private var values: [UInt64]

    /// - Parameter names: the addresses that the path's names stand for, in their order.
    public init(_ path: AddressPath, names: [UInt64]) {
      self.path = path
      self.names = names
      values = Array(repeating: 0, count: path.hops.count)
    }

    /// The hops of a level, counted from 0, each with the address of the pointer.
    public func places(level: Int) -> [(hop: Int, address: Address)] {
      var places: [(hop: Int, address: Address)] = []
      for (index, hop) in path.hops.enumerated() where hop.level == level {
        places.append((index, Address(hop.place.value(names: names[...], hops: values[...]))))
      }
      return places
    }

    /// Notes the pointer that was read for a hop.
    public mutating func take(_ pointer: UInt64, hop: Int) { values[hop] = pointer }

    /// The pointer from which a hop's place was worked out: the last one read before it.
    public func pointer(before hop: Int) -> Address? {
      path.hops[hop].place.hops.last.map { Address(values[$0.index]) }
    }

    /// The address that the path leads to, when all hops are read.
    public var end: Address { Address(path.end.value(names: names[...], hops: values[...])) }
  }

  /// A hop as it is written: `[game+0x10]`.
  public func text(ofHop hop: Int) -> String {
    var texts: [String] = []
    Self.collect(expression, into: &texts)
    return hop < texts.count ? texts[hop] : expression.description
  }

  /// The texts of all hops, in their order.
  private static func collect(_ expression: AddressExpression, into texts: inout [String]) {
    for term in expression.terms {
      guard case .pointer(let inner) = term.operand else { continue }
      collect(inner, into: &texts)
      texts.append("[\(inner)]")
    }
  }
}

extension AddressPath: CustomStringConvertible {
  /// The expression in its plainest form.
  public var description: String { expression.description }
}
