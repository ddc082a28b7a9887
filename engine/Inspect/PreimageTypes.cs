using Culverin.Oracle;

namespace Culverin.Inspect;

/// <summary>
/// Names of the types of pre-image keys, the key's first byte (OP Stack specification, fault proof,
/// "Pre-image key types").
/// </summary>
internal static class PreimageTypes
{
    private const byte FirstUserType = 129;

    /// <summary>The name of a type.</summary>
    public static string NameOf(byte type) => type switch
    {
        0 => "zero",
        (byte)PreimageKeyType.Local => "local",
        (byte)PreimageKeyType.Keccak256 => "keccak256",
        3 => "generic",
        (byte)PreimageKeyType.Sha256 => "sha256",
        (byte)PreimageKeyType.Blob => "blob",
        (byte)PreimageKeyType.Precompile => "precompile",
        >= FirstUserType => "application",
        _ => "reserved",
    };
}
