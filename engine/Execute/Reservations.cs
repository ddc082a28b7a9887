using System.Runtime.CompilerServices;
using Culverin.Isa;
using Culverin.State;

namespace Culverin.Execute;

/// <summary>What the load-linked reservations of all ports have in common.</summary>
internal static class Reservations
{
    /// <summary>What a load-linked of this width sets, and a store-conditional of it needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReservationStatus StatusOf(Width width) =>
        width == Width.Doubleword ? ReservationStatus.Doubleword : ReservationStatus.Word;
}
