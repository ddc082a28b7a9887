namespace Culverin.Abi;

/// <summary>The version of the C interface.</summary>
internal static class AbiVersions
{
    /// <summary>Rises when a program made for an older one would break.</summary>
    public const uint Major = 1;

    /// <summary>Rises when something is added.</summary>
    public const uint Minor = 0;
}
