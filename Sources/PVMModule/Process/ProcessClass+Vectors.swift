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
