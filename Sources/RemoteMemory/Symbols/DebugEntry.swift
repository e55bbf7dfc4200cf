#if Debuginfo
  import CDebuginfo
  import MemoryModel

  /// What an entry of debug information is: the numbers of DWARF.
  enum DebugTag {
    static let array: Int32 = 0x01
    static let classType: Int32 = 0x02
    static let enumeration: Int32 = 0x04
    static let member: Int32 = 0x0D
    static let pointer: Int32 = 0x0F
    static let reference: Int32 = 0x10
    static let structure: Int32 = 0x13
    static let typedef: Int32 = 0x16
    static let union: Int32 = 0x17
    static let inheritance: Int32 = 0x1C
    static let module: Int32 = 0x1E
    static let subrange: Int32 = 0x21
    static let base: Int32 = 0x24
    static let constant: Int32 = 0x26
    static let variable: Int32 = 0x34
    static let volatile: Int32 = 0x35
    static let restrict: Int32 = 0x37
    static let namespace: Int32 = 0x39
    static let rvalueReference: Int32 = 0x42
    static let atomic: Int32 = 0x47
    static let immutable: Int32 = 0x4B

    static func isRecord(_ tag: Int32) -> Bool {
      tag == structure || tag == classType || tag == union
    }
  }

  /// What an entry says: the numbers of DWARF.
  enum DebugAttribute {
    static let byteSize: UInt32 = 0x0B
    static let bitOffset: UInt32 = 0x0C
    static let bitSize: UInt32 = 0x0D
    static let upperBound: UInt32 = 0x2F
    static let count: UInt32 = 0x37
    static let declaration: UInt32 = 0x3C
    static let encoding: UInt32 = 0x3E
    static let type: UInt32 = 0x49
    static let byteStride: UInt32 = 0x51
    static let dataBitOffset: UInt32 = 0x6B
  }

  extension pvd_entry {
    var tag: Int32 { unsafe withEntry(self) { unsafe pvd_tag($0) } }
    var offset: UInt64 { unsafe withEntry(self) { unsafe pvd_offset($0) } }
    var name: String? { unsafe text { unsafe pvd_name($0) } }
    var linkageName: String? { unsafe text { unsafe pvd_linkage_name($0) } }
    var isDeclaration: Bool {
      unsafe withEntry(self) { unsafe pvd_flag($0, DebugAttribute.declaration) }
    }

    /// What an attribute leads to.
    func target(_ attribute: UInt32) -> pvd_entry? {
      var found = pvd_entry()
      return unsafe withEntry(self) { unsafe pvd_reference($0, attribute, &found) } ? found : nil
    }

    func number(_ attribute: UInt32) -> Int64? {
      var number: Int64 = 0
      return unsafe withEntry(self) { unsafe pvd_number($0, attribute, &number) } ? number : nil
    }

    /// A number that is a size or an offset, if it is one that can be believed.
    func size(_ attribute: UInt32) -> Int? {
      number(attribute).flatMap { $0 >= 0 && $0 < 1 << 32 ? Int($0) : nil }
    }

    /// Where a member lies; 0 in a union.
    var memberOffset: Int {
      var offset: UInt64 = 0
      guard unsafe withEntry(self, { unsafe pvd_member_offset($0, &offset) }), offset < 1 << 32
      else {
        return 0
      }
      return Int(offset)
    }

    /// Shows the entries within it, one after the other, until one is answered with false. Each stands
    /// behind the one before, whatever the file says: so it ends.
    func eachChild(_ body: (pvd_entry) -> Bool) {
      var child = pvd_entry()
      guard unsafe withEntry(self, { unsafe pvd_child($0, &child) }) else { return }
      var place = child.offset
      guard place > offset else { return }
      while body(child) {
        var next = pvd_entry()
        guard unsafe withEntry(child, { unsafe pvd_sibling($0, &next) }), next.offset > place else {
          return
        }
        place = next.offset
        child = next
      }
    }

    /// The entries within it, so many at most.
    func children(atMost limit: Int) -> [pvd_entry] {
      var children: [pvd_entry] = []
      eachChild { child in
        children.append(child)
        return children.count < limit
      }
      return children
    }

    private func text(_ body: (UnsafePointer<pvd_entry>) -> UnsafePointer<CChar>?) -> String? {
      guard let text = unsafe withEntry(self, { unsafe body($0) }) else { return nil }
      return unsafe String(cString: text)
    }
  }
#endif
