namespace Culverin.Analyze.Values;

/// <summary>Where a word comes from.</summary>
internal enum ValueOrigin : byte
{
    /// <summary>From anywhere.</summary>
    Unknown,

    /// <summary>It is certain from the code alone.</summary>
    Constant,

    /// <summary>What a register held when the function was entered, plus an offset.</summary>
    Register,

    /// <summary>From a variable at a fixed address.</summary>
    Variable,

    /// <summary>What stood on the stack, in the caller's frame, when the function was entered.</summary>
    Stack,
}

/// <summary>What is known of a word before the program runs.</summary>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Place">
/// The register's number, or the stack word's distance from the stack pointer at the function's entry, in
/// bytes.
/// </param>
/// <param name="Value">
/// The value, the offset or the variable's address; sign-extended if words have 32 bits. 0 for a word from
/// the stack.
/// </param>
internal readonly record struct AbstractValue(ValueOrigin Origin, int Place, ulong Value)
{
    /// <summary>Any word.</summary>
    public static AbstractValue Unknown => default;

    /// <summary>Whether the value is certain.</summary>
    public bool IsKnown => Origin == ValueOrigin.Constant;

    /// <summary>Whether the function's caller decides on it, and on nothing but it.</summary>
    public bool IsArgument => Origin is ValueOrigin.Register or ValueOrigin.Stack && Value == 0;

    /// <summary>A certain word.</summary>
    public static AbstractValue Of(ulong value) => new(ValueOrigin.Constant, 0, value);

    /// <summary>A certain truth.</summary>
    public static AbstractValue Of(bool condition) => Of(condition ? 1UL : 0UL);

    /// <summary>What a register held at the function's entry.</summary>
    public static AbstractValue OfRegister(int register) => new(ValueOrigin.Register, register, 0);

    /// <summary>What a variable held at some time.</summary>
    public static AbstractValue OfVariable(ulong address) => new(ValueOrigin.Variable, 0, address);

    /// <summary>What stood so far above the stack pointer at the function's entry.</summary>
    public static AbstractValue OfStack(int offsetBytes) => new(ValueOrigin.Stack, offsetBytes, 0);
}
