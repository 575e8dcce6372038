namespace FuncChat.Engine.Store;

/// <summary>The files of one turn: `{user's hash}/{turn id}.log` and those next to it.</summary>
internal readonly record struct FileTurnPaths(string Log)
{
    public const string LogExtension = ".log";

    public string Folder => Path.GetDirectoryName(Log)!;

    public string Lease => Path.ChangeExtension(Log, ".lease");

    public string Signals => Path.ChangeExtension(Log, ".signals");

    public string Followed => Path.ChangeExtension(Log, ".followed");

    /// <summary>A file of an earlier version: its existence asked to stop the turn.</summary>
    public string Stop => Path.ChangeExtension(Log, ".stop");

    public static FileTurnPaths Of(string root, TurnKey key) => TurnKey.IsTurnId(key.TurnId)
        ? new(Path.Combine(root, UserHash.Of(key.User), key.TurnId + LogExtension))
        : throw new ArgumentException("The turn id is not valid.", nameof(key));
}
