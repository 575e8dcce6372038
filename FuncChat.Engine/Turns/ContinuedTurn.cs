namespace FuncChat.Engine.Turns;

/// <summary>A turn that runs here now.</summary>
/// <param name="Completion">Ends when a request that continued it may end; has ended if another one did.</param>
internal sealed record ContinuedTurn(RunningTurn Turn, Task Completion);
