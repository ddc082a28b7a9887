namespace Culverin.Harness.Report.Stories;

/// <summary>Where something happened.</summary>
public enum StoryChain
{
    /// <summary>On no chain: somebody computed or decided something.</summary>
    None = 0,

    /// <summary>On L1.</summary>
    L1 = 1,

    /// <summary>On L2.</summary>
    L2 = 2,
}
