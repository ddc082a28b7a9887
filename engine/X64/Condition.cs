namespace Culverin.X64;

/// <summary>Condition codes by their number in encodings; the lowest bit negates.</summary>
internal enum Condition : byte
{
    /// <summary>Unsigned less than.</summary>
    Below = 2,

    /// <summary>Unsigned greater or equal.</summary>
    AboveOrEqual = 3,

    /// <summary>Equal, or zero.</summary>
    Equal = 4,

    /// <summary>Not equal, or not zero.</summary>
    NotEqual = 5,

    /// <summary>Unsigned less or equal.</summary>
    BelowOrEqual = 6,

    /// <summary>Unsigned greater than.</summary>
    Above = 7,

    /// <summary>Negative.</summary>
    Sign = 8,

    /// <summary>Not negative.</summary>
    NotSign = 9,

    /// <summary>Signed less than.</summary>
    Less = 12,

    /// <summary>Signed greater or equal.</summary>
    GreaterOrEqual = 13,

    /// <summary>Signed less or equal.</summary>
    LessOrEqual = 14,

    /// <summary>Signed greater than.</summary>
    Greater = 15,
}

/// <summary>What can be said of condition codes.</summary>
internal static class Conditions
{
    /// <summary>The condition that holds when this one does not.</summary>
    public static Condition Negate(this Condition condition) => condition ^ (Condition)1;
}
