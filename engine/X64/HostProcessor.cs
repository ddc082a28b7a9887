using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Culverin.X64;

/// <summary>
/// What the processor can do, asked of the processor itself: in a native executable built for all x86-64
/// machines, the runtime's own answers are constants of the build.
/// </summary>
internal static class HostProcessor
{
    private const int MovbeBit = 22;
    private const int Bmi1Bit = 3;
    private const int Bmi2Bit = 8;
    private const int LzcntBit = 5;
    private const int OsxsaveBit = 27;
    private const int AvxBit = 28;
    private const int Avx2Bit = 5;
    private const int Avx512Bit = 16;
    private const int CodeSizeBytes = 4096;

    // The lower and the upper halves of vector registers.
    private const uint SavedVectorsMask = 6;

    // Besides those the masks, the upper halves of the first 16 wide registers, and the others.
    private const uint SavedWideVectorsMask = 0xE6;
    private const int ExtendedLeaf = unchecked((int)0x8000_0001);

    /// <summary>Whether it has AVX2 and the operating system keeps 256-bit registers.</summary>
    public static bool HasAvx2 { get; } = HasVectors(Avx2Bit, SavedVectorsMask);

    /// <summary>Whether it has AVX-512 F and the operating system keeps all 512-bit registers.</summary>
    public static bool HasAvx512 { get; } = HasVectors(Avx512Bit, SavedWideVectorsMask);

    /// <summary>Whether it is x86-64 with MOVBE, BMI1, BMI2 and LZCNT, as all have since 2013.</summary>
    public static bool RunsGeneratedCode { get; } = Ask();

    private static bool Ask()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !X86Base.IsSupported)
        {
            return false;
        }

        (int leafMax, _, _, _) = X86Base.CpuId(0, 0);
        if (leafMax < 7)
        {
            return false;
        }

        (_, _, int features, _) = X86Base.CpuId(1, 0);
        (_, int structured, _, _) = X86Base.CpuId(7, 0);
        (_, _, int extended, _) = X86Base.CpuId(ExtendedLeaf, 0);
        return Has(features, MovbeBit)
            && Has(structured, Bmi1Bit)
            && Has(structured, Bmi2Bit)
            && Has(extended, LzcntBit);
    }

    private static bool HasVectors(int bit, uint savedMask)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64
            || !X86Base.IsSupported
            || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }

        (_, _, int features, _) = X86Base.CpuId(1, 0);
        (_, int structured, _, _) = X86Base.CpuId(7, 0);
        return Has(features, OsxsaveBit)
            && Has(features, AvxBit)
            && Has(structured, bit)
            && (SavedRegisters.Mask & savedMask) == savedMask;
    }

    // There is no intrinsic for xgetbv, so it is written and called; a host that refuses that has no use for
    // the answer either.
    private static unsafe uint ReadSavedRegisters()
    {
        using CodeMemory? memory = CodeMemory.TryCreate(CodeSizeBytes, out _);
        if (memory is null)
        {
            return 0;
        }

        // SAFETY: the function is written before it is called, and its memory lives until it has returned.
        var code = new Assembler(memory.Writable, memory.LengthBytes);
        code.MovImmediate(Register.Rcx, 0);
        code.Xgetbv();
        code.Ret();
        return ((delegate* unmanaged<uint>)memory.Executable)();
    }

    private static bool Has(int register, int bit) => ((register >> bit) & 1) != 0;

    // A class of its own, so that it is asked once, and only where there are vectors.
    private static class SavedRegisters
    {
        public static readonly uint Mask = ReadSavedRegisters();
    }
}
