import MemoryModel
import Testing

@Suite("instructions as text") struct AssemblyTextTests {
  @Test(
    "accepts instructions, labels, numbers and comments",
    arguments: [
      "", "ret", "mov eax, [rdi+4]; ret", "l: jmp l", "1: jmp 1b", ".L4:\n jmp .L4", "jmp .",
      "b.eq 8",
      ".byte 1, 2\n.quad 0x1234", "\t.BALIGN 16", "add v0.4s, v1.4s, v2.4s", "jmp .+2",
      "nop # four", "/* nothing */ nop", "mov al, 'x'", ".set size, 4", "# ende é",
    ])
  func accepted(_ text: String) throws {
    #expect(try AssemblyText(Array(text.utf8)).bytes == Array((text + "\n").utf8))
  }

  @Test(
    "refuses what could read files, run on, or hide a directive",
    arguments: [
      ".incbin", ".include", " .INCBIN", "x: .incbin", "nop; .incbin", ".macro m", ".rept 9",
      ".irp x", ".intel_syntax", ".att_syntax", ".altmacro", ".mri 1", ".section .data", ".data",
      ".org 9", ".if 1", ".print", ".file", ".Lcomm x", ".L", ".L1a", "/**/.incbin", "{vex}.incbin",
      "..incbin", "$.x .incbin", "#.incbin", "(.incbin)", "1: 2:.incbin", "=.incbin", "\u{1}",
      "\0", "\"", "nop\n\".\" \"incbin\" \"/etc/passwd\"", ".ascii \"x\"",
    ])
  func refused(_ text: String) {
    #expect(throws: AssemblyError.self) { try AssemblyText(Array(text.utf8)) }
  }

  @Test("names the line")
  func line() {
    let error = #expect(throws: AssemblyError.self) {
      try AssemblyText(Array("nop\nnop\n .incbin 1".utf8))
    }
    #expect(error?.description == "line 3: the directive .incbin is not accepted")
  }

  @Test("refuses more than 64 KiB")
  func long() throws {
    #expect(try AssemblyText([UInt8](repeating: 32, count: 65_536)).bytes.count == 65_537)
    #expect(throws: AssemblyError.self) {
      try AssemblyText([UInt8](repeating: 32, count: 65_537))
    }
  }
}
