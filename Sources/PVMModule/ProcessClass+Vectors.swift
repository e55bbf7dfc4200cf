import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var vectorMethods: [Declaration] {
    [
      .method(
        "readv", "process_vm_readv(2), one to one.",
        Parameter("local_sizes", .sizeList, "sizes of the buffers to fill, at most 1024"),
        Parameter("remote", .rangeList, "{ {address, count}, ... }, at most 1024"),
        returns: .written(
          ResultText(
            "buffers", annotation: "string[]", note: "filled in order; cut where it stopped"),
          ResultText("count", annotation: "integer", note: "bytes transferred, as the call returns")
        ),
        about: About(
          fails: readErrors + ["EINVAL"], source: ["process_vm_readv(2)"],
          example: "local two, n = game:readv({10, 10}, {{scratch, 20}})",
          notes: """
            The remote ranges and the buffers need not be split at the same places. It stops at the \
            first page that cannot be read; what follows is not tried. More than 1024 elements \
            (IOV_MAX) are refused, as the system call does; `read` and `scatter` have no such limit.
            """, seeAlso: ["process.read", "process.scatter", "process.writev"])
      ) { (call, handle: ProcessHandle, sizes: [Int], remote: [AddressRange]) in
        let (buffers, transfer) = try handle.live().readVector(remote, localCounts: sizes)
        var left = transfer.completedBytes
        call.reply.table(arrayCount: buffers.count) { reply in
          for buffer in buffers {
            reply.bytes(Array(buffer.prefix(left)))
            left -= min(left, buffer.count)
          }
        }
        call.reply.integer(Int64(transfer.completedBytes))
      },
      .method(
        "writev", "process_vm_writev(2), one to one.",
        Parameter("local_bytes", .bytesList, "strings to take the bytes from, at most 1024"),
        Parameter("remote", .rangeList, "{ {address, count}, ... }, at most 1024"),
        writeOptions,
        returns: .count("bytes transferred, as the call returns"),
        about: About(
          fails: writeErrors + ["EINVAL"], source: ["process_vm_writev(2)"],
          example: #"print(game:writev({"ab", "cd"}, {{scratch, 4}}))  --> 4"#,
          notes: """
            Stops at the first page that the target itself could not write, and what was written \
            stays. `write` and plans write all or nothing.
            """, seeAlso: ["process.write", "process.readv"])
      ) {
        (
          _, handle: ProcessHandle, local: [[UInt8]], remote: [AddressRange], options: WriteOptions
        ) in
        try handle.live().writeVector(local, to: remote, options: options).completedBytes
      },
    ]
  }
}

extension ArgumentType where Value == [Int] {
  static var sizeList: ArgumentType<[Int]> {
    ArgumentType<LuaValue>.table.map("list of byte counts", annotation: "integer[]") { value in
      guard case .table(let table) = value else { return [] }
      return try table.array.enumerated().map { index, value in
        guard let size = value.wholeNumber, size >= 0, size <= transferLimitBytes else {
          throw ArgumentMismatch("entry \(index + 1) must be a byte count of 0 to 1 GiB")
        }
        return Int(size)
      }
    }
  }
}

extension ArgumentType where Value == [[UInt8]] {
  static var bytesList: ArgumentType<[[UInt8]]> {
    ArgumentType<LuaValue>.table.map("list of strings", annotation: "string[]") { value in
      guard case .table(let table) = value else { return [] }
      return try table.array.enumerated().map { index, value in
        guard case .bytes(let bytes) = value else {
          throw ArgumentMismatch("entry \(index + 1) is a \(value.typeName), not a string")
        }
        return bytes
      }
    }
  }
}

extension ArgumentType where Value == [AddressRange] {
  static var rangeList: ArgumentType<[AddressRange]> {
    ArgumentType<LuaValue>.table.map(
      "list of {address, count}", annotation: "integer[][]"
    ) { value in
      guard case .table(let list) = value else { return [] }
      return try list.array.enumerated().map { index, value in
        guard case .table(let pair) = value, pair.array.count == 2,
          let address = pair.array[0].wholeNumber, let count = pair.array[1].wholeNumber,
          count >= 0
        else { throw ArgumentMismatch("entry \(index + 1) must be {address, count}") }
        return AddressRange(start: Address(luaInteger: address), count: UInt64(count))
      }
    }
  }
}
