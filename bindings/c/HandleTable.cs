namespace Culverin.Abi;

/// <summary>
/// Numbers that stand for objects on the C side: the place in a table and, above it, how often that place
/// was used before. A freed handle, or bytes that never were one, are therefore recognised.
/// </summary>
internal static class HandleTable
{
    private const int GenerationShift = 32;
    private const int FirstCapacity = 64;

    private static readonly Lock Gate = new();
    private static readonly Stack<int> Free = [];
    private static readonly List<uint> Generations = [];
    private static HandleObject?[] _objects = new HandleObject?[FirstCapacity];

    /// <summary>Gives an object a handle, which is never zero.</summary>
    public static nint Add(HandleObject target)
    {
        lock (Gate)
        {
            if (!Free.TryPop(out int index))
            {
                index = Generations.Count;
                Generations.Add(0);
                if (index == _objects.Length)
                {
                    // Those who look things up meanwhile find them in the old array just as well.
                    HandleObject?[] larger = new HandleObject?[2 * index];
                    _objects.CopyTo(larger, 0);
                    Volatile.Write(ref _objects, larger);
                }
            }

            uint generation = Generations[index] + 1;
            Generations[index] = generation;
            target.Handle = (nint)(((ulong)generation << GenerationShift) | ((uint)index + 1));
            Volatile.Write(ref _objects[index], target);
            return target.Handle;
        }
    }

    /// <summary>The object behind a handle; null if there is none, or no longer.</summary>
    public static HandleObject? Find(nint handle)
    {
        HandleObject?[] objects = Volatile.Read(ref _objects);
        uint index = (uint)handle - 1;
        HandleObject? found = index < (uint)objects.Length ? Volatile.Read(ref objects[index]) : null;
        return found is not null && found.Handle == handle ? found : null;
    }

    /// <summary>Forgets a handle; false if another thread was faster.</summary>
    public static bool Remove(HandleObject target)
    {
        lock (Gate)
        {
            int index = (int)((uint)target.Handle - 1);
            if (!ReferenceEquals(_objects[index], target))
            {
                return false;
            }

            _objects[index] = null;

            // A place whose count is used up is not used again.
            if (Generations[index] != uint.MaxValue)
            {
                Free.Push(index);
            }

            return true;
        }
    }
}
