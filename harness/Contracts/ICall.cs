using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Culverin.Harness.Contracts;

/// <summary>A call of a contract's function, which says by its type what the function returns.</summary>
/// <typeparam name="TResult">The function's results.</typeparam>
public interface ICall<TResult>
    where TResult : class, IFunctionOutputDTO, new();
