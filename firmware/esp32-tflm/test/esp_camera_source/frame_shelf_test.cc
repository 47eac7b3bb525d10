#include "linegate/esp/frame_shelf.h"

#include "support/test.h"

namespace linegate::esp {
namespace {

using Found = FrameShelf::Found;

int frames[8];

TEST(AnEmptyShelfWaits) {
  FrameShelf shelf;
  size_t index = 9;
  EXPECT_EQ(shelf.Choose(100, 50, false, &index), Found::kNotYet);
  EXPECT_EQ(shelf.Choose(100, 50, true, &index), Found::kNotYet);
  EXPECT_EQ(index, 9);
}

TEST(TheNearestFrameIsTakenOnceTheSensorIsPastTheTrigger) {
  FrameShelf shelf;
  size_t index = 9;
  EXPECT(shelf.Put(&frames[0], 90, 1) == nullptr);
  EXPECT_EQ(shelf.Choose(100, 50, false, &index), Found::kNotYet);
  EXPECT(shelf.Put(&frames[1], 123, 2) == nullptr);
  EXPECT_EQ(shelf.Choose(100, 50, false, &index), Found::kFrame);
  EXPECT(shelf.Hold(index).frame == &frames[0]);
  EXPECT_EQ(shelf.Choose(110, 50, false, &index), Found::kFrame);
  EXPECT(shelf.Hold(index).frame == &frames[1]);
}

TEST(WithoutTimeToWaitTheFrameBeforeTheTriggerIsTaken) {
  FrameShelf shelf;
  size_t index = 9;
  shelf.Put(&frames[0], 90, 1);
  EXPECT_EQ(shelf.Choose(100, 50, true, &index), Found::kFrame);
  EXPECT_EQ(shelf.Choose(200, 50, true, &index), Found::kNotYet);
}

TEST(OutsideTheWindowThereIsNone) {
  FrameShelf shelf;
  size_t index = 9;
  shelf.Put(&frames[0], 10, 1);
  shelf.Put(&frames[1], 200, 2);
  EXPECT_EQ(shelf.Choose(100, 50, false, &index), Found::kNone);
  EXPECT_EQ(shelf.Choose(150, 50, false, &index), Found::kFrame);
  EXPECT_EQ(shelf.Choose(149, 50, false, &index), Found::kNone);
}

TEST(TheOldestGoesAndAHeldOneStays) {
  FrameShelf shelf;
  size_t index = 9;
  shelf.Put(&frames[0], 10, 1);
  shelf.Put(&frames[1], 20, 2);
  EXPECT(shelf.Put(&frames[2], 30, 3) == &frames[0]);
  EXPECT_EQ(shelf.Choose(20, 5, false, &index), Found::kFrame);
  EXPECT(shelf.Hold(index).frame == &frames[1]);
  EXPECT(shelf.Put(&frames[3], 40, 4) == &frames[2]);
  EXPECT(shelf.Put(&frames[4], 50, 5) == &frames[3]);
  shelf.Unhold();
  EXPECT(shelf.Put(&frames[5], 60, 6) == &frames[1]);
}

TEST(AllFramesComeBackButTheHeldOne) {
  FrameShelf shelf;
  shelf.Put(&frames[0], 10, 1);
  shelf.Put(&frames[1], 20, 2);
  shelf.Hold(0);
  EXPECT(shelf.TakeAny() == &frames[1]);
  EXPECT(shelf.TakeAny() == nullptr);
  shelf.Unhold();
  EXPECT(shelf.TakeAny() == &frames[0]);
}

}  // namespace
}  // namespace linegate::esp
