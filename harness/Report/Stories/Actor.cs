using Culverin.Harness.Values;


namespace Culverin.Harness.Report.Stories;

/// <summary>Somebody who takes part in a story.</summary>
/// <param name="Name">What a reader knows him by.</param>
/// <param name="Address">The account, the same on both chains.</param>
/// <param name="Role">On which side he is.</param>
public sealed record Actor(string Name, Address Address, ActorRole Role);
