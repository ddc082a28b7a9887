using System.Numerics;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Which temporaries still hold the value of a guest register that has its home in memory, from instruction
/// to instruction of a superblock. What was written last is mostly read next, and from a register that is
/// much faster than from memory just written.
/// </summary>
internal sealed class TemporaryCache
{
    private const int None = -1;
    private const int HostRegisterCount = 16;

    private readonly int[] _holds = new int[HostRegisterCount];
    private readonly int[] _usedAt = new int[HostRegisterCount];
    private int _time;

    /// <summary>Starts a superblock: nothing is held.</summary>
    public void Clear() => Array.Fill(_holds, None);

    /// <summary>The temporary that holds a guest register, if one does.</summary>
    public bool TryFind(int guestRegister, out Register temporary)
    {
        foreach (Register candidate in HostLayout.Temporaries)
        {
            if (_holds[(int)candidate] == guestRegister)
            {
                temporary = candidate;
                _usedAt[(int)candidate] = ++_time;
                return true;
            }
        }

        temporary = default;
        return false;
    }

    /// <summary>Says that a temporary holds what is in a guest register's home.</summary>
    public void Hold(Register temporary, int guestRegister)
    {
        _holds[(int)temporary] = guestRegister;
        _usedAt[(int)temporary] = ++_time;
    }

    /// <summary>Says that a temporary gets another value.</summary>
    public void Overwrite(Register temporary) => _holds[(int)temporary] = None;

    /// <summary>Says that a guest register gets another value.</summary>
    public void Set(int guestRegister)
    {
        foreach (Register candidate in HostLayout.Temporaries)
        {
            if (_holds[(int)candidate] == guestRegister)
            {
                _holds[(int)candidate] = None;
            }
        }
    }

    /// <summary>Whether a temporary holds a guest register.</summary>
    public bool Holds(Register temporary) => _holds[(int)temporary] != None;

    /// <summary>The free temporary to use: one that holds nothing, else what was used longest ago.</summary>
    /// <param name="free">A bit for each free temporary, at least one.</param>
    public Register Choose(int free)
    {
        int best = None;
        for (int rest = free; rest != 0; rest &= rest - 1)
        {
            int candidate = BitOperations.TrailingZeroCount(rest);
            if (_holds[candidate] == None)
            {
                return (Register)candidate;
            }

            if (best == None || _usedAt[candidate] < _usedAt[best])
            {
                best = candidate;
            }
        }

        return (Register)best;
    }
}
