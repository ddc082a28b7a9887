using System.Runtime.InteropServices;

namespace Culverin.Oracle.Server;

/// <summary>
/// A null-terminated array of null-terminated UTF-8 strings in native memory, as exec wants them.
/// </summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly byte** _pointers;
    private readonly int _count;

    /// <summary>Copies <paramref name="strings"/>; none may contain a null character.</summary>
    public NativeStrings(IReadOnlyList<string> strings)
    {
        // SAFETY: one pointer more than there are strings, all zero, so the array is terminated at every
        // moment.
        _pointers = (byte**)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        _count = strings.Count;
        for (int index = 0; index < _count; index++)
        {
            _pointers[index] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[index]);
        }
    }

    /// <summary>The array; valid until disposal.</summary>
    public byte** Pointers => _pointers;

    /// <summary>Frees the array and its strings. Called once.</summary>
    public void Dispose()
    {
        // SAFETY: each pointer came from the matching allocator above and is freed once.
        for (int index = 0; index < _count; index++)
        {
            Marshal.FreeCoTaskMem((nint)_pointers[index]);
        }

        NativeMemory.Free(_pointers);
    }
}
