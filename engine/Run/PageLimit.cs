using Culverin.State;

namespace Culverin.Run;

/// <summary>Budgets of memory as the engine counts them.</summary>
internal static class PageLimit
{
    /// <summary>Pages of 4096 bytes; no limit for 0.</summary>
    public static int OfBytes(ulong bytes) =>
        bytes == 0 ? int.MaxValue : (int)Math.Min(bytes / GuestMemory.PageSizeBytes, int.MaxValue);

    /// <summary>The other way: 0 for no limit.</summary>
    public static ulong BytesOf(int pages) =>
        pages == int.MaxValue ? 0 : (ulong)pages * GuestMemory.PageSizeBytes;
}
