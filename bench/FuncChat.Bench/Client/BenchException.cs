namespace FuncChat.Bench.Client;

/// <summary>What a server answered is not what it should be, so its figures would mean nothing.</summary>
internal sealed class BenchException(string message) : Exception(message);
