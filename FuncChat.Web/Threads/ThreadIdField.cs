using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Threads;

/// <summary>The field `thread_id` of requests.</summary>
internal static class ThreadIdField
{
    public const string Rule = "A thread_id has 8 to 64 letters, digits, '_' and '-'.";

    /// <summary>The parameter `thread_id`; null if the query has none. Two of them are no valid one.</summary>
    public static string? In(IQueryCollection query) => query["thread_id"];

    /// <param name="id">Null if the request has none.</param>
    public static AppError? FindError(string? id, string path = "$.thread_id") =>
        id is null || ThreadKey.IsThreadId(id) ? null : JsonField.Error(path, Rule);
}
