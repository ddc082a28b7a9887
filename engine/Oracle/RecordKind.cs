namespace Culverin.Oracle;

/// <summary>What a record in a record file holds; the values are part of the format.</summary>
internal enum RecordKind : uint
{
    /// <summary>The value of a pre-image, under its key.</summary>
    Preimage = 1,

    /// <summary>A hint that the guest gave.</summary>
    Hint = 2,

    /// <summary>The end of a finished recording.</summary>
    End = 3,
}
