/// What a relocation puts into code: which bits, of which number.
///
/// The numbers of the types are those of the processor supplements to the System V ABI, and of
/// "ELF for the Arm 64-bit Architecture".
struct RelocatedField {
  /// Which number is put there.
  enum Value {
    /// The address.
    case address
    /// The distance from the field to the address.
    case distance
    /// The distance between the 4 KiB pages of both.
    case pages
    /// The address within its page of 4 KiB.
    case inPage
  }

  /// Which numbers fit.
  enum Limit {
    case signed(Int)
    case unsigned(Int)
    /// Either of both.
    case either(Int)
    /// Every number; what does not fit is meant to be dropped.
    case none
  }

  let value: Value
  let limit: Limit
  /// The low bits of the number that are dropped, and that must be 0 where `isExact`.
  let shift: Int
  let isExact: Bool
  /// Where the bits go, the lowest first: position and count.
  let parts: [(position: Int, count: Int)]
  /// How many bytes are changed.
  let byteCount: Int

  /// A number of whole bytes.
  private init(_ value: Value, bytes: Int, _ limit: Limit) {
    self.value = value
    self.limit = limit
    shift = 0
    isExact = false
    parts = [(0, 8 * bytes)]
    byteCount = bytes
  }

  /// Bits of an instruction of 4 bytes.
  private init(
    _ value: Value, _ parts: [(position: Int, count: Int)], shift: Int = 0, isExact: Bool = true,
    _ limit: Limit
  ) {
    self.value = value
    self.limit = limit
    self.shift = shift
    self.isExact = isExact
    self.parts = parts
    byteCount = 4
  }

  /// What a type of relocation means; nil for one that only a linker can carry out.
  init?(machine: UInt16, type: UInt32) {
    switch machine {
    case 62: self.init(x86_64: type)
    case 3: self.init(i386: type)
    case 183: self.init(aarch64: type)
    default: return nil
    }
  }

  private init?(x86_64 type: UInt32) {
    switch type {
    case 1: self.init(.address, bytes: 8, .none)
    case 2, 4: self.init(.distance, bytes: 4, .signed(32))
    case 10: self.init(.address, bytes: 4, .unsigned(32))
    case 11: self.init(.address, bytes: 4, .signed(32))
    case 12: self.init(.address, bytes: 2, .either(16))
    case 13: self.init(.distance, bytes: 2, .signed(16))
    case 14: self.init(.address, bytes: 1, .either(8))
    case 15: self.init(.distance, bytes: 1, .signed(8))
    case 24: self.init(.distance, bytes: 8, .none)
    default: return nil
    }
  }

  private init?(i386 type: UInt32) {
    switch type {
    case 1: self.init(.address, bytes: 4, .either(32))
    // Distances go round the end of 32-bit addresses, so each can be reached.
    case 2, 4: self.init(.distance, bytes: 4, .none)
    case 20: self.init(.address, bytes: 2, .either(16))
    case 21: self.init(.distance, bytes: 2, .signed(16))
    case 22: self.init(.address, bytes: 1, .either(8))
    case 23: self.init(.distance, bytes: 1, .signed(8))
    default: return nil
    }
  }

  private init?(aarch64 type: UInt32) {
    let place = [(position: 29, count: 2), (position: 5, count: 19)]
    switch type {
    case 257: self.init(.address, bytes: 8, .none)
    case 258: self.init(.address, bytes: 4, .either(32))
    case 259: self.init(.address, bytes: 2, .either(16))
    case 260: self.init(.distance, bytes: 8, .none)
    case 261: self.init(.distance, bytes: 4, .signed(32))
    case 262: self.init(.distance, bytes: 2, .signed(16))
    case 263...269:  // movz and movk, 16 bits each; the even ones drop what is above
      let shift = Int(type - 263 + 1) / 2 * 16
      let dropsHigh = type == 264 || type == 266 || type == 268 || type == 269
      self.init(
        .address, [(5, 16)], shift: shift, isExact: false, dropsHigh ? .none : .unsigned(shift + 16)
      )
    case 273, 280: self.init(.distance, [(5, 19)], shift: 2, .signed(21))  // ldr, b.cond, cbz
    case 274: self.init(.distance, place, .signed(21))  // adr
    case 275: self.init(.pages, place, shift: 12, .signed(33))  // adrp
    case 276: self.init(.pages, place, shift: 12, .none)
    case 277, 278: self.init(.inPage, [(10, 12)], .none)  // add, ldrb
    case 279: self.init(.distance, [(5, 14)], shift: 2, .signed(16))  // tbz
    case 282, 283: self.init(.distance, [(0, 26)], shift: 2, .signed(28))  // b, bl
    case 284...286:  // ldrh, ldr of 4 and of 8 bytes
      let shift = Int(type - 283)
      self.init(.inPage, [(10, 12 - shift)], shift: shift, .none)
    case 299: self.init(.inPage, [(10, 8)], shift: 4, .none)  // ldr of 16 bytes
    default: return nil
    }
  }

  /// The number to add that stands in the field itself.
  func addend(in old: UInt64) -> Int64 {
    let unused = 64 - 8 * byteCount
    return Int64(bitPattern: old << UInt64(unused)) >> Int64(unused)
  }

  /// The field with a number put into it; nil when there is no room for it.
  ///
  /// - Parameters:
  ///   - old: what stands there.
  ///   - value: the address.
  ///   - place: where the field lies.
  func filled(_ old: UInt64, value: UInt64, place: UInt64) -> UInt64? {
    let number = number(value, place)
    guard fits(number), !isExact || number & (1 << UInt64(shift) - 1) == 0 else { return nil }
    var bits = number >> UInt64(shift)
    var result = old
    for part in parts {
      let mask = part.count == 64 ? UInt64.max : 1 << UInt64(part.count) - 1
      result = result & ~(mask << UInt64(part.position)) | (bits & mask) << UInt64(part.position)
      bits = part.count == 64 ? 0 : bits >> UInt64(part.count)
    }
    return result
  }

  private func number(_ value: UInt64, _ place: UInt64) -> UInt64 {
    let page: UInt64 = 0xFFF
    return switch self.value {
    case .address: value
    case .distance: value &- place
    case .pages: (value & ~page) &- (place & ~page)
    case .inPage: value & page
    }
  }

  private func fits(_ number: UInt64) -> Bool {
    let signed = Int64(bitPattern: number)
    return switch limit {
    case .none: true
    case .unsigned(let bits): bits >= 64 || number >> UInt64(bits) == 0
    case .signed(let bits): signed >> Int64(bits - 1) == 0 || signed >> Int64(bits - 1) == -1
    case .either(let bits): number >> UInt64(bits) == 0 || signed >> Int64(bits - 1) == -1
    }
  }

  /// Why an address cannot be put there.
  func refusal(of target: UInt64, from place: UInt64) -> String {
    let isWhole = parts.first?.position == 0 && shift == 0
    let place = Address(place)
    // x86 counts distances from behind the field, so that much was taken off.
    let target = Address(target &+ (value == .distance && isWhole ? UInt64(byteCount) : 0))
    switch value {
    case .distance, .pages:
      if value == .distance, isExact, target.rawValue & (1 << UInt64(shift) - 1) != 0 {
        return "no instruction can begin at \(target)"
      }
      return "\(target) is too far from the instruction near \(place); "
        + "load it into a register and go through that"
    case .address, .inPage:
      return "there is no room for \(target) in the instruction near \(place)"
    }
  }
}
