using System.Runtime.InteropServices;

namespace Culverin.Native;

/// <summary>Strings that C reads during a call; disposing frees them.</summary>
internal sealed unsafe class NativeText : IDisposable
{
    // SAFETY: each address comes from the allocator that frees it, once.
    private readonly List<nint> _allocated = [];

    /// <summary>A string in UTF-8 with a zero; null stays null.</summary>
    public sbyte* Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, "A text for the library contains a zero character.");
        }

        nint address = Marshal.StringToCoTaskMemUTF8(text);
        _allocated.Add(address);
        return (sbyte*)address;
    }

    /// <summary>An array of strings; null for none.</summary>
    public sbyte** Of(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return null;
        }

        nint array = Marshal.AllocCoTaskMem(words.Count * sizeof(nint));
        _allocated.Add(array);
        for (int index = 0; index < words.Count; index++)
        {
            ((sbyte**)array)[index] = Of(words[index]);
        }

        return (sbyte**)array;
    }

    /// <inheritdoc/>
    public void Dispose() => _allocated.ForEach(Marshal.FreeCoTaskMem);
}
