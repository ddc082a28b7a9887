namespace Culverin.Isa;

/// <summary>Size of a memory access in bytes.</summary>
internal enum Width
{
    /// <summary>1 byte.</summary>
    Byte = 1,

    /// <summary>2 bytes.</summary>
    Half = 2,

    /// <summary>4 bytes.</summary>
    Word = 4,

    /// <summary>8 bytes.</summary>
    Doubleword = 8,
}

/// <summary>Why a step cannot be executed; on chain it reverts (VM-SPEC section 10).</summary>
internal enum TrapReason
{
    /// <summary>No trap.</summary>
    None,

    /// <summary>The instruction word has no meaning in this version.</summary>
    InvalidInstruction,

    /// <summary>div, divu and the like with a zero divisor.</summary>
    DivisionByZero,

    /// <summary>A jump or branch in the delay slot of a taken one.</summary>
    BranchInDelaySlot,

    /// <summary>The program counter is not a multiple of 4.</summary>
    UnalignedProgramCounter,

    /// <summary>A read at or past the end of the pre-image.</summary>
    PreimageOffsetOutOfRange,

    /// <summary>A system call number that a multithreaded version does not know.</summary>
    UnknownSyscall,

    /// <summary>No thread is left on the active stack.</summary>
    NoActiveThread,
}

/// <summary>
/// The micro-operations that instruction bodies are written in. What a value is, is the machine's choice: a
/// word when interpreting, a formula when describing, an operand when translating.
/// </summary>
/// <typeparam name="TValue">
/// The machine's kind of value; conditions are values too, zero meaning false.
/// </typeparam>
/// <remarks>
/// Rules for bodies: straight-line code, only these members, no decision on guest data except through
/// <see cref="Select"/>, <see cref="BranchIf"/> and <see cref="TrapIf"/>; whatever can trap comes before the
/// first change of a register. Arithmetic wraps at the word size. "32" in a name: the operation looks at the
/// low 32 bits and its result is sign-extended to the word.
/// </remarks>
internal interface IMachine<TValue>
{
    /// <summary>Reads a register.</summary>
    TValue Get(int register);

    /// <summary>Writes a register; a write to register 0 is dropped.</summary>
    void Set(int register, TValue value);

    /// <summary>Reads HI.</summary>
    TValue GetHi();

    /// <summary>Writes HI.</summary>
    void SetHi(TValue value);

    /// <summary>Reads LO.</summary>
    TValue GetLo();

    /// <summary>Writes LO.</summary>
    void SetLo(TValue value);

    /// <summary>A constant, truncated to the word.</summary>
    TValue Constant(long value);

    /// <summary>The address of this instruction plus 8: where a call returns to.</summary>
    TValue LinkAddress();

    /// <summary>a + b.</summary>
    TValue Add(TValue a, TValue b);

    /// <summary>a - b.</summary>
    TValue Subtract(TValue a, TValue b);

    /// <summary>The low word of a × b.</summary>
    TValue Multiply(TValue a, TValue b);

    /// <summary>a &amp; b.</summary>
    TValue And(TValue a, TValue b);

    /// <summary>a &amp; ~b.</summary>
    TValue AndNot(TValue a, TValue b);

    /// <summary>a | b.</summary>
    TValue Or(TValue a, TValue b);

    /// <summary>a ^ b.</summary>
    TValue Xor(TValue a, TValue b);

    /// <summary>~a.</summary>
    TValue Not(TValue a);

    /// <summary>a shifted left by count, which is less than the word's bits.</summary>
    TValue ShiftLeft(TValue a, TValue count);

    /// <summary>a shifted right by count with zeros; count is less than the word's bits.</summary>
    TValue ShiftRightLogical(TValue a, TValue count);

    /// <summary>
    /// a shifted right by count with copies of its sign; count is less than the word's bits.
    /// </summary>
    TValue ShiftRightArithmetic(TValue a, TValue count);

    /// <summary>The low 8 bits, sign-extended.</summary>
    TValue SignExtend8(TValue a);

    /// <summary>The low 16 bits, sign-extended.</summary>
    TValue SignExtend16(TValue a);

    /// <summary>The low 32 bits, sign-extended; nothing to do in a 32-bit machine.</summary>
    TValue SignExtend32(TValue a);

    /// <summary>The low 32 bits, zero-extended; nothing to do in a 32-bit machine.</summary>
    TValue ZeroExtend32(TValue a);

    /// <summary>1 if a = b, else 0.</summary>
    TValue EqualTo(TValue a, TValue b);

    /// <summary>1 if a &lt; b as signed words, else 0.</summary>
    TValue LessThanSigned(TValue a, TValue b);

    /// <summary>1 if a &lt; b as unsigned words, else 0.</summary>
    TValue LessThanUnsigned(TValue a, TValue b);

    /// <summary>One of two values, by a condition.</summary>
    TValue Select(TValue condition, TValue whenTrue, TValue whenFalse);

    /// <summary>How many of the low 32 bits are zero from the top, 0 to 32.</summary>
    TValue CountLeadingZeros32(TValue a);

    /// <summary>How many bits of the word are zero from the top.</summary>
    TValue CountLeadingZeros(TValue a);

    /// <summary>High word of the signed double-width product.</summary>
    TValue MultiplyHighSigned(TValue a, TValue b);

    /// <summary>High word of the unsigned double-width product.</summary>
    TValue MultiplyHighUnsigned(TValue a, TValue b);

    /// <summary>
    /// Signed quotient of words; minimum / -1 = minimum; unspecified if the divisor is zero.
    /// </summary>
    TValue DivideSigned(TValue a, TValue b);

    /// <summary>Signed remainder of words; minimum % -1 = 0; unspecified if the divisor is zero.</summary>
    TValue RemainderSigned(TValue a, TValue b);

    /// <summary>Unsigned quotient of words; unspecified if the divisor is zero.</summary>
    TValue DivideUnsigned(TValue a, TValue b);

    /// <summary>Unsigned remainder of words; unspecified if the divisor is zero.</summary>
    TValue RemainderUnsigned(TValue a, TValue b);

    /// <summary>High half of the signed 64-bit product.</summary>
    TValue MultiplyHighSigned32(TValue a, TValue b);

    /// <summary>High half of the unsigned 64-bit product.</summary>
    TValue MultiplyHighUnsigned32(TValue a, TValue b);

    /// <summary>Signed quotient; INT_MIN / -1 = INT_MIN; unspecified if the divisor is zero.</summary>
    TValue DivideSigned32(TValue a, TValue b);

    /// <summary>Signed remainder; INT_MIN % -1 = 0; unspecified if the divisor is zero.</summary>
    TValue RemainderSigned32(TValue a, TValue b);

    /// <summary>Unsigned quotient; unspecified if the divisor is zero.</summary>
    TValue DivideUnsigned32(TValue a, TValue b);

    /// <summary>Unsigned remainder; unspecified if the divisor is zero.</summary>
    TValue RemainderUnsigned32(TValue a, TValue b);

    /// <summary>
    /// Loads width bytes, zero-extended, from the address rounded down to a multiple of width.
    /// </summary>
    TValue Load(TValue address, Width width);

    /// <summary>Stores the low width bytes at the address rounded down to a multiple of width.</summary>
    void Store(TValue address, Width width, TValue value);

    /// <summary>As <see cref="Load"/>, and reserves the address where the version has reservations.</summary>
    TValue LoadLinked(TValue address, Width width);

    /// <summary>As <see cref="Store"/> where the reservation holds; 1 when it stored, else 0.</summary>
    TValue StoreConditional(TValue address, Width width, TValue value);

    /// <summary>
    /// Branches, after the next instruction, to that instruction plus offset instructions if the condition
    /// holds. Traps in a delay slot, taken or not.
    /// </summary>
    void BranchIf(TValue condition, int offset);

    /// <summary>
    /// Jumps, after the next instruction, within that instruction's 256 MiB region; traps as a branch.
    /// </summary>
    void Jump(int index);

    /// <summary>Jumps, after the next instruction, to any address; traps as a branch.</summary>
    void JumpRegister(TValue address);

    /// <summary>Ends the step with a trap if the condition holds.</summary>
    void TrapIf(TValue condition, TrapReason reason);

    /// <summary>Leaves the step to the kernel.</summary>
    void Syscall();
}
