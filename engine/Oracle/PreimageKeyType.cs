namespace Culverin.Oracle;

/// <summary>The kinds of pre-image keys: byte 0 of the key (VM-SPEC 8).</summary>
public enum PreimageKeyType
{
    /// <summary>Data of one run of the program, known by a number.</summary>
    Local = 1,

    /// <summary>The Keccak-256 of the data, byte 0 replaced.</summary>
    Keccak256 = 2,

    /// <summary>The SHA-256 of the data, byte 0 replaced.</summary>
    Sha256 = 4,

    /// <summary>One field element of a blob: Keccak-256 of commitment and point, byte 0 replaced.</summary>
    Blob = 5,

    /// <summary>The result of a precompile: Keccak-256 of address and input, byte 0 replaced.</summary>
    Precompile = 6,
}
