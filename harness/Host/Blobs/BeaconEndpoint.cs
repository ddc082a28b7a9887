namespace Culverin.Harness.Host.Blobs;

/// <summary>Where a beacon node is asked for blobs.</summary>
/// <param name="Address">Its HTTP address.</param>
/// <param name="NamesBlocksByNumber">
/// It knows blocks by the numbers of L1's blocks, not by slots: anvil does.
/// </param>
public sealed record BeaconEndpoint(Uri Address, bool NamesBlocksByNumber = false);
