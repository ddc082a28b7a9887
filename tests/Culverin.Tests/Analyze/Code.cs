namespace Culverin.Tests.Analyze;

/// <summary>Instruction words for small test programs.</summary>
internal static class Code
{
    public const uint Nop = 0;
    public const uint Return = 0x03E0_0008;
    public const uint SystemCall = 0x0000_000C;
    public const uint Beql = 0x5100_0001;
    public const uint AddSingle = 0x4602_1000;
    public const uint LoadToFloat = 0xC580_0000;
    public const uint TrapIfEqualZero = 0x0100_01F4;
    public const uint TrapAlways = 0x0000_0034;
    public const uint Break = 0x0007_000D;
    public const uint BranchAndLink = 0x0411_0001;
    public const uint RotateRight = 0x0021_0902;
    public const uint ExtractBits = 0x7D09_0000;
    public const uint TrapIfEqualImmediate = 0x050C_0002;

    /// <summary>addiu register, $zero, value.</summary>
    public static uint Put(int register, int value) => 0x2400_0000 | ((uint)register << 16) | (ushort)value;

    /// <summary>ori register, $zero, value.</summary>
    public static uint PutByOr(int register, int value) =>
        0x3400_0000 | ((uint)register << 16) | (ushort)value;

    /// <summary>lw register, 28($sp).</summary>
    public static uint LoadFromStack(int register) => 0x8FA0_001C | ((uint)register << 16);

    /// <summary>lui register, upper half of an address.</summary>
    public static uint LoadUpper(int register, uint address) =>
        0x3C00_0000 | ((uint)register << 16) | (address >> 16);

    /// <summary>addiu register, register, lower half of an address.</summary>
    public static uint AddLower(int register, uint address) =>
        0x2400_0000 | ((uint)register << 21) | ((uint)register << 16) | (ushort)address;

    /// <summary>addu target, source, $zero.</summary>
    public static uint Move(int target, int source) =>
        0x0000_0021 | ((uint)source << 21) | ((uint)target << 11);

    /// <summary>addiu $sp, $sp, bytes.</summary>
    public static uint MoveStack(int bytes) => 0x27BD_0000u | (ushort)bytes;

    /// <summary>lw register, offset($sp).</summary>
    public static uint LoadFromStack(int register, int offset) =>
        0x8FA0_0000 | ((uint)register << 16) | (ushort)offset;

    /// <summary>sw register, offset($sp).</summary>
    public static uint StoreToStack(int register, int offset) =>
        0xAFA0_0000 | ((uint)register << 16) | (ushort)offset;

    /// <summary>lw register, lower half of an address(base).</summary>
    public static uint Load(int register, int pointer, uint address) =>
        0x8C00_0000 | ((uint)pointer << 21) | ((uint)register << 16) | (ushort)address;

    /// <summary>sw register, lower half of an address(base).</summary>
    public static uint Store(int register, int pointer, uint address) =>
        0xAC00_0000 | ((uint)pointer << 21) | ((uint)register << 16) | (ushort)address;

    /// <summary>j target.</summary>
    public static uint Jump(uint target) => 0x0800_0000 | (target >> 2);

    /// <summary>jal target.</summary>
    public static uint Call(uint target) => 0x0C00_0000 | (target >> 2);
}
