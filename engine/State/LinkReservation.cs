using System.Numerics;
using System.Runtime.InteropServices;

namespace Culverin.State;

/// <summary>How a load-linked reservation was made.</summary>
internal enum ReservationStatus : byte
{
    /// <summary>No reservation.</summary>
    None = 0,

    /// <summary>By ll: sc may store.</summary>
    Word = 1,

    /// <summary>By lld: scd may store.</summary>
    Doubleword = 2,
}

/// <summary>
/// The load-linked reservation of a multithreaded state, in native memory behind the registers, so that fast
/// paths reach it too.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LinkReservation<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // SAFETY: set and used only between two points of one run, while the memory keeps its flags in place.
    /// <summary>Flags of the page that holds the reserved word; set only while a fast path runs.</summary>
    public PageFlags* MarkedPage;

    /// <summary>The reserved address as the program computed it, not rounded.</summary>
    public TWord Address;

    /// <summary>The thread that reserved it.</summary>
    public TWord Owner;

    /// <summary>The thread whose registers are loaded.</summary>
    public TWord ActiveThread;

    /// <summary>Whether and how the address is reserved.</summary>
    public ReservationStatus Status;
}
