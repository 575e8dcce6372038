using System.ComponentModel.DataAnnotations;

namespace FuncChat.Azure.Threads;

/// <summary>
/// Where Azure Storage keeps threads. Bound from `FuncChat:Threads`. The blobs are in the account of the turns (`FuncChat:TurnLog`), the index is in the
/// account of `FuncChat:Usage` or, if that is not set, in the account of the turns.
/// </summary>
public sealed record ThreadStoreOptions
{
    public const string Section = "FuncChat:Threads";

    /// <summary>The container of the threads, created when it is first needed. Default `threads`.</summary>
    [RegularExpression(StorageNames.Container, ErrorMessage = StorageNames.ContainerRule)]
    public string Container { get; set; } = "threads";

    /// <summary>The table of their index, created when it is first needed. Default `threads`.</summary>
    [RegularExpression(StorageNames.Table, ErrorMessage = StorageNames.TableRule)]
    public string Table { get; set; } = "threads";
}
