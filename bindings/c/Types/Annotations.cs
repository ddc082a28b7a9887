namespace Culverin.Abi.Types;

/// <summary>What a pointer points to is const in C.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field)]
internal sealed class ConstAttribute : Attribute;

/// <summary>The callback type that a field holds a pointer to.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class CallbackAttribute(Type type) : Attribute
{
    /// <summary>A delegate type, which names the parameters and carries the documentation.</summary>
    public Type Type { get; } = type;
}
