using FuncChat.Engine;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>The parameters of lists that come in pages.</summary>
internal static class ListLimit
{
    private const int Usual = 50;

    /// <summary>The parameter `after` is not what a page returned.</summary>
    public static AppError WrongCursor { get; } = new(ErrorCode.InvalidRequest, "The parameter after must be the next of an earlier page.");

    /// <param name="most">The highest limit.</param>
    /// <param name="whenAbsent">The limit of a query without one; if it is null, that of most lists.</param>
    public static AppError? FindError(IQueryCollection query, int most, out int limit, int? whenAbsent = null)
    {
        limit = whenAbsent ?? Math.Min(Usual, most);
        var text = query["limit"].ToString();
        return text.Length == 0 || (WholeNumber.TryRead(text, out limit) && limit >= 1 && limit <= most)
            ? null
            : new AppError(ErrorCode.InvalidRequest, $"The parameter limit must be a whole number from 1 to {most}.");
    }
}
