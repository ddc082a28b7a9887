namespace Culverin.Harness.Report.Stories;

/// <summary>On which side somebody in a story is.</summary>
public enum ActorRole
{
    /// <summary>On neither: a sequencer, a contract.</summary>
    Neutral = 0,

    /// <summary>Claims and takes only what is right.</summary>
    Honest = 1,

    /// <summary>Claims what is wrong, or takes what is not his.</summary>
    Dishonest = 2,
}
